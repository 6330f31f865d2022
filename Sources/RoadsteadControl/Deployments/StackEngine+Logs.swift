import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

extension StackEngine {
    /// What the tasks of one service wrote; `service` is its name in the file or on the Swarm. Throws `notFound`.
    public func logs(
        stack: String, service: String, options: LogOptions = LogOptions()
    ) async throws -> LogStream {
        do {
            let services = try await client.services(Self.label(stack))
            guard
                let found = services.first(where: { $0.spec.name == "\(stack)_\(service)" || $0.spec.name == service })
            else { throw noService(service, stack, services) }
            return try await client.serviceLogs(found.id, options)
        } catch { throw RoadsteadError.translating(error, doing: "read the logs of service \(service)") }
    }

    private func noService(_ service: String, _ stack: String, _ services: [Service]) -> RoadsteadError {
        let names = services.compactMap(\.spec.name).map { Self.key($0, stack: stack) }.sorted()
        let there = names.isEmpty ? "the stack has no services" : "there are: " + names.joined(separator: ", ")
        return RoadsteadError(.notFound, "stack \(stack) has no service \(service); \(there)")
    }

    /// The last lines of one service, of all its tasks, by time and with their moments: `2026-… text`.
    ///
    /// At most `lines` lines of 10 000 characters, within `limit`: what came until then.
    public func lastLines(
        stack: String, service: String, lines: Int = 100, since: Instant? = nil, limit: Duration = .seconds(20)
    ) async throws -> [String] {
        let collected = LogLines(limit: lines)
        let stream = try await logs(
            stack: stack, service: service, options: LogOptions(since: since, tail: lines))
        do {
            _ = try await within(limit) { for try await entry in stream { await collected.add(entry) } }
        } catch { throw RoadsteadError.translating(error, doing: "read the logs of service \(service)") }
        return await collected.lines
    }
}

/// Collects entries that come from several tasks at the same time.
private actor LogLines {
    private let limit: Int
    private var entries: [LogEntry] = []

    init(limit: Int) { self.limit = max(0, limit) }

    func add(_ entry: LogEntry) {
        entries.append(entry)
        // A service of many tasks sends `tail` lines of each.
        if entries.count > 4 * limit + 1000 { trim() }
    }

    private func trim() {
        entries.sort { ($0.timestamp?.millisecondsSinceEpoch ?? 0) < ($1.timestamp?.millisecondsSinceEpoch ?? 0) }
        entries.removeFirst(max(0, entries.count - limit))
    }

    var lines: [String] {
        trim()
        return entries.map { entry in
            (entry.timestamp.map { "\($0) " } ?? "") + String(entry.text.prefix(10_000))
        }
    }
}
