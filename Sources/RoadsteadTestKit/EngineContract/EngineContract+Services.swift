import DockerAPI
import DockerClient
import RoadsteadBasics

extension EngineContract {
    static let services: [EngineContract] = [
        EngineContract("a service is made, listed by label, found by name, changed and removed") { subject in
            let client = subject.client
            let spec = spec(subject, "life")
            let id = try await client.createService(spec).id
            try await cleaning {
                if try await !client.services(["id": [id]]).isEmpty { try await client.removeService(id) }
            } after: {
                let listed = try await client.services(["label": ["contract=\(subject.prefix)"]])
                try require(listed.map(\.id) == [id], "\(listed.map(\.spec.name))")
                let found = try await client.service(spec.name ?? "")
                try require(found.id == id && found.spec.mode?.replicated?.replicas == 1, "\(found)")
                var changed = found.spec
                changed.mode = .replicated(2)
                _ = try await client.updateService(id, version: found.version, changed)
                let now = try await client.service(id)
                try require(now.spec.mode?.replicated?.replicas == 2, "\(now)")
                try require(now.version.index > found.version.index, "the version did not rise")
                try require(now.previousSpec?.mode?.replicated?.replicas == 1, "no previous spec")
                try await client.removeService(id)
                let error = try await failure("a removed service") { _ = try await client.service(id) }
                try require(error.isNotFound && error.message.contains(id), "\(error)")
            }
        },
        EngineContract("a service's name is unique, and its version must be the newest") { subject in
            let client = subject.client
            let spec = spec(subject, "unique")
            let id = try await client.createService(spec).id
            try await cleaning {
                try await client.removeService(id)
            } after: {
                let taken = try await failure("a second of the name") { _ = try await client.createService(spec) }
                try require(taken.isConflict && taken.message.contains("already exists"), "\(taken)")
                let old = try await client.service(id).version
                var changed = spec
                changed.labels?["more"] = "yes"
                _ = try await client.updateService(id, version: old, changed)
                changed.labels?["more"] = "no"
                let again = changed
                let late = try await failure("the old version") {
                    _ = try await client.updateService(id, version: old, again)
                }
                try require(late.isOutOfSequence, "\(late)")
            }
        },
        EngineContract("the previous spec comes back by a rollback") { subject in
            let client = subject.client
            var spec = spec(subject, "back")
            let id = try await client.createService(spec).id
            try await cleaning {
                try await client.removeService(id)
            } after: {
                spec.labels?["second"] = "yes"
                _ = try await client.updateService(id, version: try await client.service(id).version, spec)
                let second = try await client.service(id)
                _ = try await client.updateService(id, version: second.version, second.spec, rollback: true)
                let now = try await client.service(id)
                try require(now.spec.labels?["second"] == nil, "\(now.spec.labels ?? [:])")
            }
        },
        EngineContract("a service's tasks come to run, and are found by service and by id") { subject in
            let client = subject.client
            let id = try await client.createService(spec(subject, "tasks")).id
            try await cleaning {
                try await client.removeService(id)
            } after: {
                let task = try await eventually("a running task") {
                    try await client.tasks(["service": [id]]).first { $0.status.state == .running }
                }
                try require(task.serviceID == id && task.slot == 1 && task.desiredState == .running, "\(task)")
                let same = try await client.task(task.id)
                try require(same.id == task.id && same.nodeID == task.nodeID, "\(same)")
            }
        },
        EngineContract("a new template replaces tasks, a new label of the service does not") { subject in
            let client = subject.client
            var spec = spec(subject, "replace")
            let id = try await client.createService(spec).id
            @Sendable func running() async throws -> SwarmTask {
                try await eventually("a running task") {
                    try await client.tasks(["service": [id], "desired-state": ["running"]]).first {
                        $0.status.state == .running
                    }
                }
            }
            try await cleaning {
                try await client.removeService(id)
            } after: {
                let first = try await running()
                spec.labels?["more"] = "yes"
                _ = try await client.updateService(id, version: try await client.service(id).version, spec)
                try require(try await running().id == first.id, "the task was replaced for a label")
                spec.taskTemplate.containerSpec?.env = ["A=1"]
                _ = try await client.updateService(id, version: try await client.service(id).version, spec)
                _ = try await eventually("another task") {
                    try await client.tasks(["service": [id], "desired-state": ["running"]]).first { $0.id != first.id }
                }
            }
        },
        EngineContract("what does not exist is not found, in words that name it") { subject in
            let client = subject.client
            let calls: [(String, () async throws -> Void)] = [
                ("service", { _ = try await client.service("nothing-here") }),
                ("service", { try await client.removeService("nothing-here") }),
                ("task", { _ = try await client.task("nothing-here") }),
                ("node", { _ = try await client.node("nothing-here") }),
                ("network", { _ = try await client.network("nothing-here") }),
                ("config", { _ = try await client.config("nothing-here") }),
                ("secret", { try await client.removeSecret("nothing-here") }),
                ("volume", { _ = try await client.volume("nothing-here") }),
                ("container", { _ = try await client.container("nothing-here") }),
                ("image", { _ = try await client.image("nothing-here") }),
            ]
            for (kind, call) in calls {
                let error = try await failure(kind, call)
                try require(error.isNotFound && error.message.contains("nothing-here"), "\(kind): \(error)")
            }
        },
    ]
}
