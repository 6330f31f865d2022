import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics

extension EngineContract {
    static let streams: [EngineContract] = [
        EngineContract("an event stream shows what happens after it was opened, filtered by type") { subject in
            let client = subject.client
            let events = try await client.events(["type": ["config"]])
            var iterator = events.makeAsyncIterator()
            let name = subject.prefix + "-seen"
            let network = try await client.createNetwork(
                NetworkCreate(name: subject.prefix + "-unseen", driver: "overlay"))
            try await client.removeNetwork(network)
            let id = try await client.createConfig(FileSpec(name: name, data: Data("x".utf8)))
            try await client.removeConfig(id)
            var actions: [String] = []
            while actions.count < 2, let event = try await iterator.next() {
                try require(event.type == "config", "\(event)")
                if event.actor.id == id { actions.append(event.action) }
            }
            try require(actions == ["create", "remove"], "\(actions)")
        },
        EngineContract("an event stream ends quietly when its task is cancelled") { subject in
            let events = try await subject.client.events()
            let reader = Task {
                // Unstructured because cancelling it is the matter of the test.
                var count = 0
                for try await _ in events { count += 1 }
                return count
            }
            try await Task.sleep(for: .milliseconds(50))
            reader.cancel()
            _ = try await reader.value
        },
        EngineContract("service logs carry stream, task and node of each line") { subject in
            let client = subject.client
            let script = "echo to-out; echo to-err >&2; sleep 600"
            let id = try await client.createService(spec(subject, "logs", script: script)).id
            try await cleaning {
                try await client.removeService(id)
            } after: {
                let entries = try await eventually("two lines") {
                    let entries = try await collect(client.serviceLogs(id))
                    return entries.count >= 2 ? entries : nil
                }
                let task = try await client.tasks(["service": [id]])[0]
                try require(Set(entries.map(\.text)) == ["to-out", "to-err"], "\(entries)")
                for entry in entries {
                    try require(entry.stream == (entry.text == "to-out" ? .stdout : .stderr), "\(entry)")
                    try require(entry.taskID == task.id && entry.nodeID == task.nodeID, "\(entry)")
                    try require(entry.serviceID == id && entry.timestamp != nil, "\(entry)")
                }
                let own = try await collect(client.taskLogs(task.id, LogOptions(stderr: true, tail: 10)))
                try require(own.count == 2, "\(own)")
            }
        },
        EngineContract("logs of a TTY have no frames and no carriage returns") { subject in
            let client = subject.client
            var spec = spec(subject, "tty", script: "echo one; echo two; sleep 600")
            spec.taskTemplate.containerSpec?.tty = true
            let id = try await client.createService(spec).id
            try await cleaning {
                try await client.removeService(id)
            } after: {
                let entries = try await eventually("two lines") {
                    let entries = try await collect(client.serviceLogs(id))
                    return entries.count >= 2 ? entries : nil
                }
                try require(entries.map(\.text) == ["one", "two"], "\(entries)")
                try require(entries.allSatisfy { $0.taskID != nil && $0.timestamp != nil }, "\(entries)")
            }
        },
        EngineContract("logs of a service that is not there are not found") { subject in
            let error = try await failure("logs of nothing") {
                _ = try await subject.client.serviceLogs("nothing-here")
            }
            try require(error.isNotFound, "\(error)")
        },
    ]

    static func collect(_ stream: LogStream) async throws -> [LogEntry] {
        var entries: [LogEntry] = []
        for try await entry in stream { entries.append(entry) }
        return entries
    }
}
