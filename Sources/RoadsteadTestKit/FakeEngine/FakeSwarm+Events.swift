import DockerAPI
import Foundation
import RoadsteadBasics
import Synchronization

extension FakeSwarm {
    func events(_ request: FakeRequest) -> FakeReply {
        let types = request.filters["type"]
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(1000))
        state.withLock { state in
            let number = Int(state.nextIndex())
            state.watchers[number] = continuation
            continuation.onTermination = { [weak self] _ in
                // Not at once: this may be called within the stream's own lock, while somebody who holds ours yields to it.
                Task { _ = self?.state.withLock { $0.watchers.removeValue(forKey: number) } }
            }
        }
        let filtered = AsyncStream<[UInt8]> { output in
            let relay = Task {
                // The pump between two streams; ended by `onTermination` below.
                for await line in stream where types.map({ Self.isOf($0, line) }) ?? true { output.yield(line) }
                output.finish()
            }
            output.onTermination = { _ in
                relay.cancel()
                continuation.finish()
            }
        }
        return .stream(headers: [("Content-Type", "application/json")], filtered)
    }

    private static func isOf(_ types: [String], _ line: [UInt8]) -> Bool {
        guard let event = try? JSONDecoder().decode(EngineEvent.self, from: Data(line)) else { return false }
        return types.contains(event.type)
    }

    /// Tells all watchers.
    static func emit(_ state: inout State, _ type: String, _ action: String, id: String, name: String) {
        let now = SystemClock().now.millisecondsSinceEpoch
        let event = EngineEvent(
            type: type, action: action, actor: .init(id: id, attributes: ["name": name]), scope: "swarm",
            timeNano: now * 1_000_000)
        guard let line = try? JSONEncoder().encode(event) else { return }
        for watcher in state.watchers.values { watcher.yield(Array(line) + [UInt8(ascii: "\n")]) }
    }
}
