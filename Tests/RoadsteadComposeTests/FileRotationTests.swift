import DockerAPI
import Foundation
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

@Suite("Rotation of configs and secrets")
struct FileRotationTests {
    private func plan(
        page: String = "hello", token: SecretContent? = nil, live: LiveStack, isExact: Bool = false,
        prune: PruneScope = .none
    ) throws -> StackPlan {
        var desired = PlanFixture.desired()
        desired.configs[0].data = Data(page.utf8)
        desired.isExact = isExact
        var live = live
        live.secretContents["shop_token"] = token
        return try StackPlan.make(desired: desired, live: live, prune: prune)
    }

    private func files(_ plan: StackPlan) -> [String] {
        plan.steps(.config, .secret).map { "\($0.action.name) \($0.name)" }
    }

    private func config(_ name: String, _ data: String, base: String? = nil, at second: Int = 0) -> SwarmConfig {
        var labels = PlanFixture.labels
        labels[FileRotation.label] = base
        var config = SwarmConfig(
            id: "id-" + name, version: ObjectVersion(index: 2),
            spec: FileSpec(name: name, labels: labels, data: Data(data.utf8)))
        config.createdAt = Instant(millisecondsSinceEpoch: Int64(second) * 1000)
        return config
    }

    @Test("the first content has docker's plain name, another one a name with its hash, and the service rolls")
    func rotatesConfig() throws {
        #expect(files(try plan(live: LiveStack())) == ["create shop_page", "create shop_token"])
        let rotated = try plan(page: "new", token: .isIn("shop_token"), live: PlanFixture.live())
        let name = try #require(rotated.steps(.config).first?.name)
        #expect(name.hasPrefix("shop_page_"))
        #expect(name.dropFirst("shop_page_".count).allSatisfy { $0.isHexDigit && !$0.isUppercase })
        #expect(name.utf8.count == "shop_page_".utf8.count + 12)
        let web = try #require(rotated.steps(.service).first)
        #expect(web.isRolling)
        #expect(web.changes.map(\.path) == ["TaskTemplate.ContainerSpec.Configs./page.ConfigName"])
        #expect(rotated.outcome.exposed.configs.map(\.name) == [name])
        #expect(rotated.outcome.exposed.configs[0].labels?[FileRotation.label] == "shop_page")
        #expect(rotated.steps(.config).first?.note == "other content of shop_page")
    }

    @Test("a content that was there before is used again, under its own name")
    func returns() throws {
        var live = PlanFixture.live()
        let rotated = try plan(page: "new", live: live).outcome.exposed.configs[0]
        live.configs.append(config(rotated.name, "new", base: "shop_page", at: 1))
        #expect(files(try plan(page: "new", live: live)).first == "unchanged \(rotated.name)")
        #expect(files(try plan(page: "hello", live: live)).first == "unchanged shop_page")
    }

    @Test("a secret of other content gets the next number, never a digest that could be guessed from")
    func rotatesSecret() throws {
        var live = PlanFixture.live()
        #expect(files(try plan(token: .isIn("shop_token"), live: live)).last == "unchanged shop_token")
        #expect(files(try plan(token: .isNew, live: live)).last == "create shop_token_2")
        live.secrets.append(
            SwarmSecret(
                id: "s5", version: ObjectVersion(index: 9),
                spec: FileSpec(
                    name: "shop_token_5",
                    labels: PlanFixture.labels.merging([FileRotation.label: "shop_token"]) { $1 })))
        #expect(files(try plan(token: .isNew, live: live)).last == "create shop_token_6")
        #expect(files(try plan(token: .isIn("shop_token_5"), live: live)).last == "unchanged shop_token_5")
        let asked = PlanFixture.desired().secretCandidates(in: live)
        #expect(asked.map { $0.candidates.map(\.spec.name) } == [["shop_token", "shop_token_5"]])
    }

    @Test(
        "the last three contents stay for a rollback, older ones go, whatever else is pruned",
        arguments: [
            PruneScope.none, .services, .everything,
        ])
    func keepsThree(prune: PruneScope) throws {
        var live = PlanFixture.live()
        live.configs = [config("shop_page", "0")]
        for number in 1...5 {
            live.configs.append(config("shop_page_\(number)", "\(number)", base: "shop_page", at: number))
        }
        let plan = try plan(page: "5", token: .isIn("shop_token"), live: live, prune: prune)
        #expect(plan.steps.filter { $0.action == .remove }.map(\.name) == ["shop_page_1", "shop_page"])
        #expect(files(plan).first == "unchanged shop_page_5")
    }

    @Test("a revision's objects keep exactly the names that they had, also where they were pruned meanwhile")
    func exactNames() throws {
        var desired = PlanFixture.desired()
        desired.configs[0] = FileSpec(
            name: "shop_page_0123456789ab",
            labels: PlanFixture.labels.merging([FileRotation.label: "shop_page"]) { $1 }, data: Data("old".utf8))
        desired.services[0].spec.taskTemplate.containerSpec?.configs?[0].configName = "shop_page_0123456789ab"
        desired.isExact = true
        let plan = try StackPlan.make(desired: desired, live: PlanFixture.live())
        #expect(plan.steps(.config).map(\.name) == ["shop_page_0123456789ab"])
        #expect(plan.outcome.exposed == desired.with(images: plan))
    }

    @Test("names stay within what a Swarm takes, and long ones do not fall together")
    func longNames() {
        let long = String(repeating: "a", count: 64)
        let spec = FileSpec(name: long, data: Data("x".utf8))
        let names = [long, String(long.dropLast()) + "b"].map { FileRotation.configName(spec, base: $0) }
        #expect(names.allSatisfy { $0.utf8.count == 64 })
        #expect(names[0] != names[1])
    }

    @Test("another stack's object of the name is refused, not rotated around")
    func refusesForeign() throws {
        var live = PlanFixture.live()
        live.configs[0].spec.labels = [DesiredStack.namespaceLabel: "other"]
        let error = try #require(throws: RoadsteadError.self) { try plan(page: "new", live: live) }
        #expect(error.code == .conflict)
    }

    @Test("a credential spec follows its config")
    func credentialSpec() throws {
        var desired = PlanFixture.desired { spec in
            spec.taskTemplate.containerSpec?.privileges = Privileges(
                credentialSpec: Privileges.CredentialSpec(config: "shop_page"))
        }
        desired.configs[0].data = Data("new".utf8)
        let outcome = try StackPlan.make(desired: desired, live: PlanFixture.live()).outcome.exposed
        let container = outcome.services[0].spec.taskTemplate.containerSpec
        #expect(container?.privileges?.credentialSpec?.config == outcome.configs[0].name)
        #expect(container?.configs?.first?.configName == outcome.configs[0].name)
    }
}

extension DesiredStack {
    /// With the images that a plan settled on.
    fileprivate func with(images plan: StackPlan) -> DesiredStack {
        var copy = self
        for index in copy.services.indices {
            copy.services[index].spec.taskTemplate.containerSpec?.image =
                plan.outcome.exposed.services[index].spec.taskTemplate.containerSpec?.image
            copy.services[index].spec.taskTemplate.placement =
                plan.outcome.exposed.services[index].spec.taskTemplate.placement
        }
        return copy
    }
}
