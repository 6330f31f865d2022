import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics

extension EngineContract {
    static let files: [EngineContract] = [
        EngineContract("a config keeps its data, changes only its labels, and is removed") { subject in
            let client = subject.client
            var spec = FileSpec(name: subject.prefix + "-config", labels: ["a": "1"], data: Data("hello".utf8))
            let id = try await client.createConfig(spec)
            try await cleaning {
                try await client.removeConfig(id)
            } after: {
                let config = try await client.config(id)
                try require(config.spec == spec, "\(config)")
                let taken = try await failure("a second of the name") { [spec] in
                    _ = try await client.createConfig(spec)
                }
                try require(taken.isConflict, "\(taken)")
                spec.labels = ["a": "2"]
                try await client.updateConfig(id, version: config.version, spec)
                let now = try await client.configs(["name": [spec.name]])
                try require(now.map(\.spec.labels) == [["a": "2"]], "\(now)")
                spec.data = Data("other".utf8)
                let refused = try await failure("other data") { [spec] in
                    try await client.updateConfig(id, version: now[0].version, spec)
                }
                try require(refused.message.contains("only updates to Labels are allowed"), "\(refused)")
            }
            let gone = try await failure("a removed config") { _ = try await client.config(id) }
            try require(gone.isNotFound, "\(gone)")
        },
        EngineContract("a secret never gives its data back") { subject in
            let client = subject.client
            let spec = FileSpec(name: subject.prefix + "-secret", labels: ["a": "1"], data: Data("hush".utf8))
            let id = try await client.createSecret(spec)
            try await cleaning {
                try await client.removeSecret(id)
            } after: {
                let secret = try await client.secret(spec.name)
                try require(secret.id == id && secret.spec.data == nil && secret.spec.labels == ["a": "1"], "\(secret)")
                try require(try await client.secrets(["name": [spec.name]]).count == 1, "not listed")
                try await client.updateSecret(
                    id, version: secret.version, FileSpec(name: spec.name, labels: ["a": "2"]))
                try require(try await client.secret(id).spec.labels == ["a": "2"], "labels unchanged")
            }
        },
        EngineContract("a secret's data are compared before its version: asking changes nothing") { subject in
            let client = subject.client
            var spec = FileSpec(name: subject.prefix + "-asked", labels: ["a": "1"], data: Data("hush".utf8))
            let id = try await client.createSecret(spec)
            try await cleaning {
                try await client.removeSecret(id)
            } after: {
                let before = try await client.secret(id)
                let same = try await failure("the same data, version 0") { [spec] in
                    try await client.updateSecret(id, version: ObjectVersion(index: 0), spec)
                }
                try require(same.isOutOfSequence, "\(same)")
                spec.data = Data("other".utf8)
                let other = try await failure("other data, version 0") { [spec] in
                    try await client.updateSecret(id, version: ObjectVersion(index: 0), spec)
                }
                try require(other.message.contains("only updates to Labels are allowed"), "\(other)")
                try require(try await client.secret(id) == before, "changed by asking")
            }
        },
        EngineContract("a config in use cannot be removed") { subject in
            let client = subject.client
            let name = subject.prefix + "-used"
            let config = try await client.createConfig(FileSpec(name: name, data: Data("x".utf8)))
            try await cleaning {
                _ = try await eventually("the config's release") { try? await client.removeConfig(config) }
            } after: {
                var spec = spec(subject, "user")
                let target = FileTarget(name: "/x", uid: "0", gid: "0", mode: 0o444)
                spec.taskTemplate.containerSpec?.configs = [
                    ConfigReference(file: target, configID: config, configName: name)
                ]
                let service = try await client.createService(spec).id
                try await cleaning {
                    try await client.removeService(service)
                } after: {
                    let error = try await failure("removal of a used config") { try await client.removeConfig(config) }
                    try require(error.status == 400 && error.message.contains("in use"), "\(error)")
                }
            }
        },
    ]

    static let networks: [EngineContract] = [
        EngineContract("an overlay network is made, found by name, unique and removed") { subject in
            let client = subject.client
            var network = NetworkCreate(name: subject.prefix + "-net", driver: "overlay")
            network.labels = ["contract": subject.prefix]
            network.attachable = true
            let id = try await client.createNetwork(network)
            try await cleaning {
                try await client.removeNetwork(id)
            } after: {
                let found = try await client.network(network.name)
                try require(found.id == id && found.scope == "swarm" && found.attachable == true, "\(found)")
                let listed = try await client.networks(["label": ["contract=\(subject.prefix)"]])
                try require(listed.map(\.id) == [id], "\(listed)")
                let taken = try await failure("a second of the name") { [network] in
                    _ = try await client.createNetwork(network)
                }
                try require(taken.isConflict, "\(taken)")
            }
            let gone = try await failure("a removed network") { _ = try await client.network(id) }
            try require(gone.isNotFound, "\(gone)")
        },
        EngineContract("a volume is made once and removed") { subject in
            let client = subject.client
            let request = VolumeCreate(name: subject.prefix + "-volume", labels: ["a": "1"])
            let volume = try await client.createVolume(request)
            try await cleaning {
                try await client.removeVolume(volume.name)
            } after: {
                try require(volume.labels == ["a": "1"] && volume.driver == "local", "\(volume)")
                try require(try await client.createVolume(request).name == volume.name, "not the same")
                try require(try await client.volumes().contains { $0.name == volume.name }, "not listed")
                try require(try await client.volume(volume.name).name == volume.name, "not found")
            }
        },
    ]
}
