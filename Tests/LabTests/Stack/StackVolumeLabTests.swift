import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl
import RoadsteadTestKit
import Testing

/// Volumes are local to the nodes of a real Swarm; the target's engine is h1's.
@Suite("Volumes on a real Swarm", .serialized)
struct StackVolumeLabTests {
    private static let text = """
        services:
          web:
            image: IMAGE:1
            command: sleep 3600
            stop_grace_period: 0s
            volumes: ["data:/data"]
            deploy: {placement: {constraints: [node.hostname == HOST]}}
          side: {image: "IMAGE:1", command: sleep 3600, stop_grace_period: 0s}
        volumes: {data: {driver_opts: {type: tmpfs, device: tmpfs, o: size=1m}}}
        """
    private static let changed = text.replacing("size=1m", with: "size=2m")

    /// With the volume removed everywhere afterwards.
    private func withTrial(_ name: String, _ body: (StackTrial, LabHosts) async throws -> Void) async throws {
        let lab = try LabHosts.required()
        do { try await StackTrial.run(name) { try await body($0, lab) } } catch {
            try? await removeVolumes("lab-\(name)_data", lab)
            throw error
        }
        try await removeVolumes("lab-\(name)_data", lab)
    }

    private func removeVolumes(_ name: String, _ lab: LabHosts) async throws {
        for host in ["h1", "h2", "h3"] {
            try await lab.withEngine(host) { engine in
                for _ in 0..<100 {
                    guard try await !engine.volumes(["name": [name]]).isEmpty else { return }
                    do { try await engine.removeVolume(name) } catch { try await Task.sleep(for: .milliseconds(200)) }
                }
            }
        }
    }

    private func options(of volume: String, on host: String, _ lab: LabHosts) async throws -> [String: String]? {
        try await lab.withEngine(host) { try await $0.volumes(["name": [volume]]).first?.options }
    }

    private func hostname(of host: String, _ lab: LabHosts) async throws -> String {
        try #require(try await lab.withEngine(host) { try await $0.info().name })
    }

    @Test(
        "a volume on another node keeps its options and contents until it is asked to be made anew, and then has the new ones"
    )
    func recreates() async throws {
        try await withTrial("volume") { trial, lab in
            let (volume, node) = ("\(trial.name)_data", try await hostname(of: "h2", lab))
            func desired(_ text: String) throws -> DesiredStack {
                try trial.desired(text.replacing("HOST", with: node))
            }
            #expect(try await trial.deploy(try desired(Self.text)).verdict.outcome == .succeeded)
            #expect(try await options(of: volume, on: "h2", lab)?["o"] == "size=1m")
            let told = try await trial.deploy(try desired(Self.changed))
            #expect(told.plan.warnings.contains { $0.contains("--recreate \(volume)") }, "\(told.plan.warnings)")
            #expect(try await options(of: volume, on: "h2", lab)?["o"] == "size=1m")
            let side = try await trial.client.service("\(trial.name)_side").version
            var options = trial.options()
            options.recreate = ["data"]
            let result = try await trial.deploy(try desired(Self.changed), options: options)
            #expect(result.verdict.outcome == .succeeded, "\(result.verdict.json().text(.pretty))")
            #expect(result.plan.steps(.volume).map(\.note) == ["its contents are lost, on node \(node)"])
            #expect(try await self.options(of: volume, on: "h2", lab)?["o"] == "size=2m")
            for host in ["h1", "h3"] { #expect(try await self.options(of: volume, on: host, lab) == nil) }
            #expect(try await trial.client.service("\(trial.name)_side").version == side)
            // Asked for once more, nothing is lost.
            #expect(try await trial.engine.plan(try desired(Self.changed), options: options).plan.hasNoChange)
        }
    }

    @Test("a container beside the Swarm that uses the volume on another node is named, and everything stays as it is")
    func stranger() async throws {
        try await withTrial("volumeuse") { trial, lab in
            let (volume, node) = ("\(trial.name)_data", try await hostname(of: "h2", lab))
            func desired(_ text: String) throws -> DesiredStack {
                try trial.desired(text.replacing("HOST", with: node))
            }
            #expect(try await trial.deploy(try desired(Self.text)).verdict.outcome == .succeeded)
            let tasks = try await trial.runningTasks()
            let container = try await lab.withEngine("h2") { engine in
                var config = ContainerConfig(image: trial.registry.image("busybox:1"), cmd: ["true"])
                config.hostConfig = HostConfig()
                config.hostConfig?.mounts = [Mount(type: "volume", source: volume, target: "/data")]
                return try await engine.createContainer(config, name: "\(trial.name)-backup")
            }
            var options = trial.options()
            options.recreate = ["data"]
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await trial.deploy(try desired(Self.changed), options: options)
            }
            try await lab.withEngine("h2") { try await $0.removeContainer(container, force: true) }
            #expect(error?.code == .conflict)
            #expect(
                error?.message.contains("container \(trial.name)-backup on node \(node)") == true, "\(error as Any)")
            #expect(try await trial.runningTasks() == tasks)
        }
    }
}
