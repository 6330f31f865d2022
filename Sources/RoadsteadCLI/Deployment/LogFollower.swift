import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// Reads a followed log on where it was when the connection breaks: a server that is started anew, or a proxy that is
/// tired of it, must not look like the end.
struct LogFollower: Sendable {
    /// In a row, a second apart.
    static let mostFailures = 30

    typealias OnLine = @Sendable (JSONObject) async throws -> Void

    let clock: any WallClock
    let open: @Sendable (LogSelection, @escaping OnLine) async throws -> Void
    let tell: @Sendable (String) -> Void

    /// Returns at the log's own end. Throws what it ends with otherwise, and `unavailable` when it cannot be opened again.
    func run(_ selection: LogSelection, onLine: @escaping OnLine) async throws {
        let memory = Memory()
        var (selection, failures) = (selection, 0)
        while true {
            let before = await memory.count
            do {
                return try await open(selection) { line in
                    if await memory.isNew(line) { try await onLine(line) }
                }
            } catch let error as RoadsteadError where error.code == .unavailable && selection.follow {
                failures = await memory.count > before ? 1 : failures + 1
                guard failures <= Self.mostFailures else { throw error }
                if failures == 1 { tell("\(error.message) Trying again …") }
                try await clock.sleep(for: .seconds(1))
                if let since = await memory.reopen() {
                    (selection.since, selection.tail) = (since.description, nil)
                }
            }
        }
    }

    private actor Memory {
        private var lines = LineMemory()
        private(set) var count = 0

        func isNew(_ line: JSONObject) -> Bool {
            let place = line.text("task").isEmpty ? line.text("service") : line.text("task")
            guard lines.isNew(line.text("text"), from: place, at: Instant(rfc3339: line.text("time"))) else {
                return false
            }
            count += 1
            return true
        }

        func reopen() -> Instant? { lines.reopen() }
    }
}
