import DockerAPI
import DockerClient
import RoadsteadTestKit
import Testing

@Suite("Service specs and older engines")
struct CompatibilityTests {
    private func spec(_ change: (inout ContainerSpec) -> Void) -> ServiceSpec {
        var container = ContainerSpec(image: "busybox:1")
        change(&container)
        return ServiceSpec(name: "web", taskTemplate: TaskSpec(containerSpec: container))
    }

    @Test("a tuning that the engine ignores is left out with a warning") func leftOut() throws {
        var spec = spec {
            $0.healthcheck = HealthConfig(test: ["CMD", "true"], interval: 5, startInterval: 7)
            $0.oomScoreAdj = 5
            $0.mounts = [Mount(type: "tmpfs", target: "/b", tmpfsOptions: TmpfsOptions(options: [["exec"]]))]
            $0.privileges = Privileges(
                seLinuxContext: Privileges.SELinuxContext(disable: true),
                seccomp: Privileges.Seccomp(mode: "unconfined"), appArmor: Privileges.AppArmor(mode: "disabled"),
                noNewPrivileges: true)
        }
        spec.taskTemplate.resources = ResourceRequirements(swapBytes: 0, memorySwappiness: 10)
        let old = spec.adapted(to: APIVersion(1, 41))
        #expect(old.refusals == [])
        #expect(old.warnings.count == 8)
        #expect(old.warnings.allSatisfy { $0.hasPrefix("service 'web': ") && $0.hasSuffix(": left out") })
        let container = try #require(old.spec.taskTemplate.containerSpec)
        #expect(container.healthcheck == HealthConfig(test: ["CMD", "true"], interval: 5))
        #expect(container.oomScoreAdj == nil)
        #expect(container.mounts?.first?.tmpfsOptions == TmpfsOptions())
        #expect(container.privileges == Privileges(seLinuxContext: Privileges.SELinuxContext(disable: true)))
        #expect(old.spec.taskTemplate.resources == ResourceRequirements())
        let new = spec.adapted(to: APIVersion(1, 52))
        #expect(new.spec == spec && new.warnings == [])
    }

    @Test(
        "what would mean something else is refused",
        arguments: [
            (Mount(type: "volume", source: "v", target: "/b", volumeOptions: VolumeOptions(subpath: "x")), 45),
            (Mount(type: "cluster", source: "c", target: "/b"), 42),
        ])
    func refused(mount: Mount, needed: Int) {
        let spec = spec { $0.mounts = [mount] }
        let before = spec.adapted(to: APIVersion(1, needed - 1))
        #expect(before.refusals.count == 1)
        #expect(before.refusals.first?.contains("1.\(needed)") == true && before.refusals.first?.contains("/b") == true)
        #expect(spec.adapted(to: APIVersion(1, needed)).refusals == [])
    }

    @Test("the warning comes back from create and update, and the refusal before anything is sent") func throughClient()
        async throws
    {
        try await FakeEngine.withClient { client, engine in
            let tuned = spec { $0.oomScoreAdj = 5 }
            let created = try await client.createService(tuned)
            #expect(created.warnings.count == 1)
            #expect(engine.requests.last?.decode(ServiceSpec.self)?.taskTemplate.containerSpec?.oomScoreAdj == nil)
            let service = try await client.service("web")
            #expect(try await client.updateService(service.id, version: service.version, tuned).count == 1)
            let count = engine.requests.count
            let error = await #expect(throws: EngineError.self) {
                try await client.createService(spec { $0.mounts = [Mount(type: "cluster", source: "i", target: "/b")] })
            }
            #expect(error?.kind == .invalidInput)
            #expect(engine.requests.count == count)
        }
    }
}
