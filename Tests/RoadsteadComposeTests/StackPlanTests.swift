import DockerAPI
import Foundation
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

@Suite("Plan")
struct StackPlanTests {
    private func plan(
        _ desired: DesiredStack = PlanFixture.desired(), _ live: LiveStack = PlanFixture.live(),
        prune: PruneScope = .none, images: [String: ImageResolution] = [:]
    ) throws -> StackPlan {
        try StackPlan.make(desired: desired, live: live, prune: prune, images: images)
    }

    private func webStep(_ plan: StackPlan) throws -> PlanStep { try #require(plan.steps(.service).first) }

    private func spec(_ step: PlanStep) throws -> ServiceSpec {
        guard case .service(let spec) = step.payload.exposed else {
            throw RoadsteadError(.internal, "step \(step.name) has no service")
        }
        return spec
    }

    @Test("on an empty Swarm everything is created, in the order of need")
    func createsAll() throws {
        let plan = try plan(PlanFixture.desired(), LiveStack())
        #expect(
            plan.steps.map { "\($0.action.name) \($0.kind.rawValue) \($0.name)" } == [
                "create network shop_back", "create network shop_front", "create config shop_page",
                "create secret shop_token", "create service shop_web",
            ])
        #expect(!plan.hasNoChange)
    }

    @Test("what an engine adds, sorts and renames is no change")
    func isStable() throws {
        let plan = try plan()
        #expect(plan.hasNoChange, "\(plan.lines())")
        #expect(plan.steps(.service).map(\.action) == [.unchanged])
        #expect(plan.summary == "stack shop: no changes")
    }

    @Test("a task template of the same meaning goes back byte for byte when something else changes")
    func keepsTemplate() throws {
        let live = PlanFixture.live()
        let step = try webStep(plan(PlanFixture.desired { $0.labels?["team"] = "blue" }, live))
        #expect(step.changes == [FieldChange(path: "Labels.team", from: nil, to: "blue")])
        #expect(try spec(step).taskTemplate == live.services[0].spec.taskTemplate)
        #expect(try spec(step).endpointSpec == live.services[0].spec.endpointSpec)
        #expect(step.version == ObjectVersion(index: 7))
    }

    @Test("a change of a task keeps the number of forced updates")
    func keepsForceUpdate() throws {
        let step = try webStep(plan(PlanFixture.desired { $0.taskTemplate.containerSpec?.user = "app" }))
        #expect(try spec(step).taskTemplate.forceUpdate == 3)
        #expect(step.changes.map(\.path) == ["TaskTemplate.ContainerSpec.User"])
    }

    static let edits: [(String, [String], @Sendable (inout ServiceSpec) -> Void)] = [
        ("replicas", ["Mode.Replicated.Replicas"], { $0.mode = .replicated(4) }),
        (
            "port",
            [
                "EndpointSpec.Ports.ingress/tcp/80/8080", "EndpointSpec.Ports.ingress/tcp/80/9090",
            ], { $0.endpointSpec?.ports?[0].publishedPort = 9090 }
        ),
        (
            "environment", ["TaskTemplate.ContainerSpec.Env.MODE"],
            { spec in
                spec.taskTemplate.containerSpec?.env = ["A=1", "MODE=slow"]
            }
        ),
        (
            "constraint", ["TaskTemplate.Placement.Constraints"],
            { spec in
                spec.taskTemplate.placement?.constraints = ["node.role == worker"]
            }
        ),
        (
            "memory", ["TaskTemplate.Resources.Limits.MemoryBytes"],
            { spec in
                spec.taskTemplate.resources = ResourceRequirements(limits: ResourceAmounts(memoryBytes: 1 << 26))
            }
        ),
        ("network", ["TaskTemplate.Networks.shop_back"], { $0.taskTemplate.networks?.removeLast() }),
        (
            "mount", ["TaskTemplate.ContainerSpec.Mounts./cache"],
            { spec in
                spec.taskTemplate.containerSpec?.mounts?.removeLast()
            }
        ),
        (
            "restart", ["TaskTemplate.RestartPolicy.Condition"],
            { spec in
                spec.taskTemplate.restartPolicy = RestartPolicy(condition: "on-failure")
            }
        ),
        ("update order", ["UpdateConfig.Order"], { $0.updateConfig?.order = "start-first" }),
        ("init", ["TaskTemplate.ContainerSpec.Init"], { $0.taskTemplate.containerSpec?.`init` = false }),
    ]

    @Test("each change is named by its field", arguments: edits.indices)
    func namesField(index: Int) throws {
        let (_, paths, edit) = Self.edits[index]
        let step = try webStep(plan(PlanFixture.desired(change: edit)))
        #expect(step.changes.map(\.path) == paths)
    }

    @Test("values that may be secrets are not shown")
    func hidesValues() throws {
        let desired = PlanFixture.desired { spec in
            spec.taskTemplate.containerSpec?.env = ["A=1", "MODE=fast", "DB_PASSWORD=geheim"]
            spec.taskTemplate.logDriver = LogDriver(name: "splunk", options: ["splunk-token": "geheim"])
        }
        let plan = try plan(desired)
        #expect(try webStep(plan).changes.count == 3)
        let shown = plan.lines().joined() + plan.json().text() + "\(plan)" + String(reflecting: plan)
        #expect(!shown.contains("geheim"))
        #expect(!shown.contains("hush"))
    }

    @Test("an update that was paused goes on, though the spec is the same", arguments: ["paused", "rollback_paused"])
    func resumes(state: String) throws {
        let live = PlanFixture.live { $0.updateStatus = UpdateStatus(state: state) }
        #expect(try webStep(plan(PlanFixture.desired(), live)).changes.map(\.path) == ["UpdateStatus.State"])
    }

    @Test("a config or a secret that was made anew under its name is a change")
    func noticesNewIDs() throws {
        var live = PlanFixture.live()
        live.configs[0].id = "c2"
        #expect(
            try webStep(plan(PlanFixture.desired(), live)).changes.map(\.path) == [
                "TaskTemplate.ContainerSpec.Configs./page.ConfigID"
            ])
    }
}

// MARK: - Images

@Suite("Plan of images")
struct StackPlanImageTests {
    private func image(
        _ desired: DesiredStack, _ images: [String: ImageResolution], _ live: LiveStack = PlanFixture.live()
    ) throws -> (image: String?, action: String, warnings: [String]) {
        let plan = try StackPlan.make(desired: desired, live: live, images: images)
        let step = try #require(plan.steps(.service).first)
        guard case .service(let spec) = step.payload.exposed else { return (nil, step.action.name, plan.warnings) }
        return (spec.taskTemplate.containerSpec?.image, step.action.name, plan.warnings)
    }

    private let linux = [Platform(architecture: "amd64", os: "linux")]

    @Test("the same digest is no change")
    func sameDigest() throws {
        let result = try image(
            PlanFixture.desired(), ["nginx:1.25": .resolved(digest: PlanFixture.digest, platforms: linux)])
        #expect(result.action == "unchanged")
    }

    @Test("a tag that points elsewhere now is an update")
    func otherDigest() throws {
        let result = try image(
            PlanFixture.desired(), ["nginx:1.25": .resolved(digest: PlanFixture.otherDigest, platforms: linux)])
        #expect(result.action == "update")
        #expect(result.image == "nginx:1.25@" + PlanFixture.otherDigest)
    }

    @Test("a registry that is away replaces no task, and is told about")
    func registryAway() throws {
        let result = try image(PlanFixture.desired(), ["nginx:1.25": .failed(reason: "no route to host")])
        #expect(result.action == "unchanged")
        #expect(result.warnings.count == 1)
        #expect(result.warnings.first?.contains("nginx:1.25") == true)
        #expect(result.warnings.first?.contains("no route to host") == true)
    }

    @Test("not asked for, the deployed digest stays while the tag is the same")
    func keepsDigest() throws {
        #expect(try image(PlanFixture.desired(), [:]).image == "nginx:1.25@" + PlanFixture.digest)
        let other = try image(PlanFixture.desired(image: "nginx:1.26"), [:])
        #expect(other.image == "nginx:1.26")
        #expect(other.action == "update")
    }

    @Test("an image that was changed by hand goes back to the file's")
    func handmade() throws {
        let live = PlanFixture.live { $0.spec.taskTemplate.containerSpec?.image = "nginx:1.27" }
        #expect(try image(PlanFixture.desired(), [:], live).image == "nginx:1.25")
    }

    @Test(
        "image names are read as docker reads them",
        arguments: [
            ("nginx", "nginx:latest"), ("docker.io/library/nginx:1", "nginx:1"),
            ("docker.io/own/app", "own/app:latest"),
            ("localhost:5000/app", "localhost:5000/app:latest"), ("reg.io:5000/a/b:2", "reg.io:5000/a/b:2"),
            ("app@sha256:00000000000000000000000000000000", "app@sha256:00000000000000000000000000000000"),
            ("library/redis", "redis:latest"),
        ])
    func references(text: String, tagged: String) throws {
        #expect(try #require(ImageReference(text)).tagged.description == tagged)
    }

    @Test(
        "the registry of an image",
        arguments: [
            ("nginx", "docker.io"), ("own/app", "docker.io"), ("ghcr.io/o/a:1", "ghcr.io"),
            ("localhost/a", "localhost"), ("10.0.0.1:5000/a@sha256:00000000000000000000000000000000", "10.0.0.1:5000"),
        ])
    func registries(text: String, registry: String) throws {
        #expect(try #require(ImageReference(text)).registry == registry)
    }

    @Test("only what must be asked for is asked for, each once")
    func imagesToResolve() {
        var desired = PlanFixture.desired()
        var second = desired.services[0]
        second.spec.name = "shop_other"
        desired.services.append(second)
        var pinned = second
        pinned.spec.taskTemplate.containerSpec?.image = "redis@" + PlanFixture.digest
        desired.services.append(pinned)
        let live = PlanFixture.live()
        #expect(desired.imagesToResolve(.never, live: live) == [])
        #expect(desired.imagesToResolve(.always, live: live) == ["nginx:1.25", "redis@" + PlanFixture.digest])
        desired.services.remove(at: 1)
        #expect(desired.imagesToResolve(.changed, live: live) == ["redis@" + PlanFixture.digest])
    }
}

// MARK: - Refusals and removals

@Suite("Plan of what cannot be and what is removed")
struct StackPlanRefusalTests {
    private func error(_ desired: DesiredStack, _ live: LiveStack) throws -> RoadsteadError {
        try #require(throws: RoadsteadError.self) { try StackPlan.make(desired: desired, live: live) }
    }

    @Test("external objects that are missing are all named before anything is touched")
    func externals() throws {
        var desired = PlanFixture.desired()
        desired.external = ExternalObjects(networks: ["net", "host"], configs: ["conf"], secrets: ["sec"])
        let error = try error(desired, PlanFixture.live())
        #expect(error.code == .notFound)
        #expect(error.message.contains("network \"net\" is declared as external, but could not be found"))
        #expect(error.message.contains("config not found: conf"))
        #expect(error.message.contains("secret not found: sec"))
        #expect(!error.message.contains("\"host\""))
    }

    @Test("an external network of another scope is refused")
    func scope() throws {
        var desired = PlanFixture.desired()
        desired.external.networks = ["net"]
        var live = PlanFixture.live()
        var network = PlanFixture.network("nx", "net")
        network.scope = "local"
        live.networks.append(network)
        #expect(try error(desired, live).message.contains("not in the right scope: \"local\" instead of \"swarm\""))
    }

    @Test("a network of the name that belongs to somebody else is refused")
    func foreignNetwork() throws {
        var live = PlanFixture.live()
        live.networks[0].labels = nil
        let error = try error(PlanFixture.desired(), live)
        #expect(error.code == .conflict)
        #expect(error.message.contains("network with name shop_back already exists"))
    }

    @Test("another template driver is another object")
    func configDriver() throws {
        var live = PlanFixture.live()
        live.configs[0].spec.templating = LogDriver(name: "golang")
        let plan = try StackPlan.make(desired: PlanFixture.desired(), live: live)
        #expect(plan.steps(.config).map(\.action.name) == ["create"])
        #expect(plan.steps(.config).first?.name != "shop_page")
    }

    @Test("a config or secret of another stack is refused, an ownerless one is taken over")
    func owners() throws {
        var live = PlanFixture.live()
        live.secrets[0].spec.labels = [DesiredStack.namespaceLabel: "other"]
        #expect(try error(PlanFixture.desired(), live).code == .conflict)
        live.secrets[0].spec.labels = nil
        let plan = try StackPlan.make(desired: PlanFixture.desired(), live: live)
        #expect(plan.steps(.secret).map(\.action.name) == ["update"])
    }

    @Test("another mode is refused")
    func mode() throws {
        let error = try error(PlanFixture.desired { $0.mode = .global }, PlanFixture.live())
        #expect(error.message.contains("service mode change is not allowed (replicated to global)"))
    }

    @Test("a network that differs is warned about, for a Swarm cannot change it")
    func networkDiffers() throws {
        var desired = PlanFixture.desired()
        desired.networks[0].attachable = true
        desired.networks[0].options = ["encrypted": ""]
        let plan = try StackPlan.make(desired: desired, live: PlanFixture.live())
        #expect(plan.warnings.count == 1)
        #expect(plan.warnings.first?.contains("shop_back exists with another attachable, driver_opts") == true)
    }

    @Test(
        "what the file does not name any more goes only as far as was asked for",
        arguments: [
            (PruneScope.none, []), (.services, ["service shop_web"]),
            (.everything, ["service shop_web", "config shop_page", "secret shop_token", "network shop_back"]),
        ])
    func prunes(scope: PruneScope, expected: [String]) throws {
        var desired = PlanFixture.desired()
        desired.services = []
        desired.configs = []
        desired.secrets = []
        desired.networks.removeFirst()
        let plan = try StackPlan.make(desired: desired, live: PlanFixture.live(), prune: scope)
        #expect(plan.steps.filter { $0.action == .remove }.map { "\($0.kind.rawValue) \($0.name)" } == expected)
    }

    @Test("what is external now is not removed, though the stack once made it")
    func keepsExternal() throws {
        var desired = PlanFixture.desired()
        desired.configs = []
        desired.external.configs = ["shop_page"]
        let plan = try StackPlan.make(desired: desired, live: PlanFixture.live(), prune: .everything)
        #expect(!plan.steps.contains { $0.action == .remove })
    }

    @Test("a plan as JSON and for people")
    func output() throws {
        let plan = try StackPlan.make(
            desired: PlanFixture.desired { $0.mode = .replicated(2) }, live: PlanFixture.live())
        #expect(plan.json()["changes"] == 1)
        #expect(
            plan.json()["steps"]?.arrayValue?.last == [
                "kind": "service", "name": "shop_web", "action": "update",
                "changes": [["path": "Mode.Replicated.Replicas", "from": 1, "to": 2]],
            ])
        #expect(
            plan.lines() == [
                "= network shop_back", "= network shop_front", "= config shop_page", "= secret shop_token",
                "~ service shop_web", "    Mode.Replicated.Replicas: 1 -> 2", "stack shop: 1 to update, 4 unchanged",
            ])
    }
}
