import DockerAPI
import Foundation
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

@Suite("Plan of drift, dependencies and what is made anew")
struct StackPlanDetailTests {
    private let applied = StackRevision(
        PlanFixture.desired(image: "nginx:1.25@" + PlanFixture.digest) {
            $0.labels?[DesiredStack.imageLabel] = "nginx:1.25"
        })

    // MARK: - Drift

    @Test("a stack that nobody touched has no drift")
    func noDrift() { #expect(StackDrift.find(since: applied, live: PlanFixture.live()) == []) }

    @Test("what somebody else changed is shown from what was applied to what is there")
    func drift() throws {
        var live = PlanFixture.live { $0.spec.mode = .replicated(5) }
        live.networks.removeLast()
        live.services.append(
            Service(id: "x", version: ObjectVersion(index: 1), spec: ServiceSpec(name: "shop_extra")))
        let drift = StackDrift.find(since: applied, live: live)
        #expect(drift.first == StackDrift(.network, "shop_front", .missing))
        #expect(drift.last == StackDrift(.service, "shop_extra", .extra))
        let web = try #require(drift.first { $0.name == "shop_web" })
        guard case .changed(let changes) = web.kind else { throw RoadsteadError(.internal, "\(web)") }
        #expect(changes.contains(FieldChange(path: "Mode.Replicated.Replicas", from: 1, to: 5)))
    }

    @Test("drift and change are told apart: a plan puts back what was changed by hand, and says that it was")
    func threeWay() throws {
        let live = PlanFixture.live { $0.spec.mode = .replicated(5) }
        let plan = try StackPlan.make(desired: PlanFixture.desired(), live: live, last: applied)
        #expect(plan.steps(.service).flatMap(\.changes).map(\.description) == ["Mode.Replicated.Replicas: 5 -> 1"])
        #expect(plan.drift.map(\.name) == ["shop_web"])
        #expect(plan.lines().contains("* service shop_web was changed on the Swarm since the last deployment"))
        #expect(plan.lines().contains("    Mode.Replicated.Replicas: 1 -> 5"))
        #expect(plan.json()["drift"]?.arrayValue?.first?["what"] == "changed")
    }

    @Test("values that may be secrets are not shown as drift either")
    func hidesDrift() {
        let live = PlanFixture.live { $0.spec.taskTemplate.containerSpec?.env = ["A=1", "MODE=geheim"] }
        let shown = StackDrift.find(since: applied, live: live).flatMap { $0.lines() }.joined()
        #expect(shown.contains("MODE"))
        #expect(!shown.contains("geheim"))
    }

    @Test("what a mount that comes or goes asks of its driver is not shown")
    func hidesOptionsOfNewMounts() throws {
        let secret = VolumeDriver(name: "local", options: ["o": "username=u,password=geheim"])
        let desired = PlanFixture.desired {
            $0.taskTemplate.containerSpec?.mounts?.append(
                Mount(
                    type: "volume", source: "shop_nas", target: "/nas",
                    volumeOptions: VolumeOptions(driverConfig: secret)))
        }
        let shown = try StackPlan.make(desired: desired, live: PlanFixture.live()).lines().joined(separator: "\n")
        #expect(shown.contains("shop_nas") && shown.contains("(hidden)"))
        #expect(!shown.contains("geheim"))
        // Two mounts at one place are shown as a whole list.
        let twice = PlanFixture.live {
            let mount = Mount(
                type: "volume", source: "x", target: "/data", volumeOptions: VolumeOptions(driverConfig: secret))
            $0.spec.taskTemplate.containerSpec?.mounts?.append(mount)
        }
        let list = try StackPlan.make(desired: PlanFixture.desired(), live: twice).lines().joined(separator: "\n")
        #expect(list.contains("Mounts") && !list.contains("geheim"))
    }

    @Test("variables are not shown when a name stands twice")
    func hidesRepeatedVariables() throws {
        let live = PlanFixture.live { $0.spec.taskTemplate.containerSpec?.env = ["A=1", "MODE=fast", "MODE=geheim"] }
        let shown = try StackPlan.make(desired: PlanFixture.desired(), live: live).lines().joined(separator: "\n")
        #expect(shown.contains("Env: (hidden) -> (hidden, changed)"))
        #expect(!shown.contains("geheim") && !shown.contains("fast"))
    }

    @Test("swap and privileges that somebody set by hand are a difference")
    func foreignMembers() throws {
        let live = PlanFixture.live {
            $0.spec.taskTemplate.resources?.swapBytes = 1 << 30
            $0.spec.taskTemplate.containerSpec?.privileges?.noNewPrivileges = true
        }
        let plan = try StackPlan.make(desired: PlanFixture.desired(), live: live)
        #expect(
            plan.steps(.service).flatMap(\.changes).map(\.description) == [
                "TaskTemplate.ContainerSpec.Privileges.NoNewPrivileges: true -> (none)",
                "TaskTemplate.Resources.SwapBytes: 1073741824 -> (none)",
            ])
    }

    @Test("the propagation that an engine writes by itself beside a bind without what is below is no change")
    func writtenPropagation() throws {
        func mount(_ propagation: String?) -> Mount {
            Mount(
                type: "bind", source: "/a", target: "/a",
                bindOptions: BindOptions(propagation: propagation, nonRecursive: true))
        }
        let desired = PlanFixture.desired { $0.taskTemplate.containerSpec?.mounts?.append(mount(nil)) }
        let live = PlanFixture.live { $0.spec.taskTemplate.containerSpec?.mounts?.append(mount("rprivate")) }
        #expect(try StackPlan.make(desired: desired, live: live).hasNoChange)
    }

    // MARK: - Made anew

    @Test("a network that differs is made anew only on request, with the services on it")
    func recreatesNetwork() throws {
        var desired = PlanFixture.desired()
        desired.networks[0].attachable = true
        let plan = try StackPlan.make(desired: desired, live: PlanFixture.live(), recreate: ["shop_back"])
        #expect(
            plan.steps.filter(\.isChange).map { "\($0.action.name) \($0.name)" } == [
                "recreate shop_back", "recreate shop_web",
            ])
        #expect(plan.steps(.network).first?.changes == [FieldChange(path: "attachable", from: false, to: true)])
        #expect(plan.warnings == [])
        #expect(plan.steps(.service).first?.note == "it is on network shop_back")
    }

    @Test("another mode of a service is allowed on request")
    func recreatesService() throws {
        let desired = PlanFixture.desired { $0.mode = .global }
        let plan = try StackPlan.make(desired: desired, live: PlanFixture.live(), recreate: ["shop_web"])
        #expect(plan.steps(.service).map(\.action.name) == ["recreate"])
    }

    @Test("a volume whose options changed is told about, for nodes keep the one that they have")
    func volumeOptions() throws {
        let desired = PlanFixture.desired { spec in
            spec.taskTemplate.containerSpec?.mounts?[0].volumeOptions?.driverConfig = VolumeDriver(
                name: "local", options: ["type": "nfs"])
        }
        let plan = try StackPlan.make(desired: desired, live: PlanFixture.live())
        #expect(plan.warnings.count == 1)
        #expect(plan.warnings.first?.contains("--recreate shop_data") == true)
        #expect(try StackPlan.make(desired: PlanFixture.desired(), live: PlanFixture.live()).warnings == [])
    }

    @Test("a volume that differs on the engine's node is told about at every deployment, not at the first alone")
    func volumeOnNode() throws {
        var live = PlanFixture.live()
        var volume = Volume(name: "shop_data")
        (volume.driver, volume.options) = ("local", ["type": "nfs"])
        live.volumes = [volume]
        #expect(try StackPlan.make(desired: PlanFixture.desired(), live: live).warnings.count == 1)
        live.volumes[0].options = nil
        #expect(try StackPlan.make(desired: PlanFixture.desired(), live: live).warnings == [])
    }

    @Test("what left the file is a difference of a network too: options, labels, address ranges, IPv6")
    func networkRemovals() throws {
        func changed(_ change: (inout Network) -> Void) throws -> String {
            var live = PlanFixture.live()
            change(&live.networks[0])
            let plan = try StackPlan.make(desired: PlanFixture.desired(), live: live)
            #expect(plan.hasNoChange)
            return plan.warnings.joined()
        }
        let secret = try changed { $0.options?["encrypted"] = "hush" }
        #expect(secret.contains("driver_opts.encrypted") && !secret.contains("hush"))
        #expect(try changed { $0.enableIPv6 = true }.contains("enable_ipv6"))
        #expect(try changed { $0.labels?["team"] = "a" }.contains("labels.team"))
        #expect(try changed { $0.ipam = IPAM(config: [IPAM.Pool(subnet: "172.28.0.0/16")]) }.contains("ipam"))
        #expect(try changed { $0.ipam = IPAM(config: [IPAM.Pool(subnet: "10.0.9.0/24")]) } == "")
        var desired = PlanFixture.desired()
        desired.networks[0].ipam = IPAM(config: [IPAM.Pool(subnet: "10.1.0.0/24", ipRange: "10.1.0.128/25")])
        var live = PlanFixture.live()
        live.networks[0].ipam = IPAM(config: [IPAM.Pool(subnet: "10.1.0.0/24", gateway: "10.1.0.1")])
        #expect(try StackPlan.make(desired: desired, live: live).warnings.count == 1)
    }

    // MARK: - Dependencies

    private func stack(_ edges: [(String, [ServiceDependency])]) -> DesiredStack {
        DesiredStack(
            name: "shop",
            services: edges.map { key, dependencies in
                var spec = ServiceSpec(name: "shop_" + key, labels: PlanFixture.labels)
                spec.taskTemplate.containerSpec = ContainerSpec(image: "app:1")
                return DesiredService(key: key, spec: spec, dependencies: dependencies)
            })
    }

    @Test("services that wait for each other are refused by name")
    func refusesCircle() throws {
        let desired = stack([
            ("a", [ServiceDependency(key: "b")]), ("b", [ServiceDependency(key: "c")]),
            ("c", [ServiceDependency(key: "a")]),
        ])
        let error = try #require(throws: RoadsteadError.self) {
            try StackPlan.make(desired: desired, live: LiveStack())
        }
        #expect(error.code == .invalidInput)
        #expect(error.message.contains("a -> b -> c -> a"))
    }

    @Test("a service that asked for it is restarted after its dependency's tasks are replaced, and so on")
    func restartsDependents() throws {
        var desired = stack([
            ("app", [ServiceDependency(key: "db", restart: true)]), ("db", []),
            ("front", [ServiceDependency(key: "app", restart: true)]), ("log", [ServiceDependency(key: "db")]),
        ])
        let live = LiveStack(
            services: desired.services.map {
                Service(id: "id-" + $0.key, version: ObjectVersion(index: 1), spec: $0.spec)
            })
        #expect(try StackPlan.make(desired: desired, live: live).hasNoChange)
        desired.services[1].spec.taskTemplate.containerSpec?.user = "other"
        let plan = try StackPlan.make(desired: desired, live: live)
        #expect(plan.steps.filter(\.isChange).map(\.name) == ["shop_app", "shop_db", "shop_front"])
        #expect(plan.steps.map(\.note) == ["restarted after db", nil, "restarted after app", nil])
        #expect(plan.steps(.service).filter(\.isRolling).count == 3)
        desired.services[1].spec = live.services[1].spec
        desired.services[1].spec.mode = .replicated(2)
        let scaled = try StackPlan.make(desired: desired, live: live)
        #expect(scaled.steps.filter(\.isChange).map(\.name) == ["shop_db"])
    }

    @Test("a service that left the file is told about where nothing is pruned")
    func leftovers() throws {
        var live = PlanFixture.live()
        live.services.append(
            Service(
                id: "x", version: ObjectVersion(index: 1),
                spec: ServiceSpec(name: "shop_old", labels: PlanFixture.labels)))
        let plan = try StackPlan.make(desired: PlanFixture.desired(), live: live)
        #expect(plan.hasNoChange && plan.warnings.map { $0.contains("shop_old") && $0.contains("--prune") } == [true])
        #expect(try StackPlan.make(desired: PlanFixture.desired(), live: live, prune: .services).warnings == [])
    }

    // MARK: - Images

    @Test("what no node could pull is refused before anything is touched, unless it is what runs")
    func refusesImages() throws {
        let refused = ["nginx:1.25": ImageResolution.refused(.notFound, reason: "manifest unknown")]
        let error = try #require(throws: RoadsteadError.self) {
            try StackPlan.make(desired: PlanFixture.desired(), live: LiveStack(), images: refused)
        }
        #expect(error.code == .notFound)
        #expect(error.message == "image nginx:1.25: manifest unknown")
        #expect(error.context["image"] == "nginx:1.25")
        let kept = try StackPlan.make(desired: PlanFixture.desired(), live: PlanFixture.live(), images: refused)
        #expect(kept.hasNoChange)
        #expect(kept.warnings.count == 1)
    }

    @Test("an image with a digest is asked for like any other, and goes to the engine as it is written")
    func asksForPinned() throws {
        let image = "nginx:1.25@" + PlanFixture.digest
        let desired = PlanFixture.desired(image: image)
        #expect(desired.imagesToResolve(.always, live: LiveStack()) == [image])
        let refused = [image: ImageResolution.refused(.notFound, reason: "manifest unknown")]
        #expect(throws: RoadsteadError.self) {
            try StackPlan.make(desired: desired, live: LiveStack(), images: refused)
        }
        let found = [image: ImageResolution.resolved(digest: PlanFixture.otherDigest, platforms: [])]
        let plan = try StackPlan.make(desired: desired, live: LiveStack(), images: found)
        #expect(plan.outcome.exposed.services[0].spec.image == image)
        // Nodes that ran it may have it still.
        var revision = DesiredStack(StackRevision(desired))
        revision.external = ExternalObjects()
        let back = try StackPlan.make(desired: revision, live: LiveStack(), images: refused)
        #expect(back.warnings.count == 1)
    }

    @Test("the digest that a plan settled on is part of its outcome")
    func outcome() throws {
        let images = ["nginx:1.25": ImageResolution.resolved(digest: PlanFixture.otherDigest, platforms: [])]
        let plan = try StackPlan.make(desired: PlanFixture.desired(), live: PlanFixture.live(), images: images)
        let container = plan.outcome.exposed.services[0].spec.taskTemplate.containerSpec
        #expect(container?.image == "nginx:1.25@" + PlanFixture.otherDigest)
        #expect(container?.configs?.first?.configID == nil)
        #expect(plan.steps(.service).first?.isRolling == true)
    }
}
