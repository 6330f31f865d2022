import DockerAPI
import Foundation
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

@Suite("Revisions")
struct StackRevisionTests {
    private func pinned() -> DesiredStack {
        var desired = PlanFixture.desired(image: "nginx:1.25@" + PlanFixture.digest) { spec in
            spec.updateConfig?.maxFailureRatio = 0.1
            spec.taskTemplate.placement = Placement(platforms: [Platform(architecture: "amd64", os: "linux")])
        }
        desired.services[0].dependencies = [
            ServiceDependency(key: "db", condition: .healthy, restart: true, required: false)
        ]
        desired.external = ExternalObjects(networks: ["n"], configs: ["c"], secrets: ["s"])
        return desired
    }

    @Test("a revision read back from its JSON and its sealed contents is the same, to the last byte")
    func roundTrip() throws {
        let revision = StackRevision(pinned())
        let text = JSONValue.object(revision.json()).text()
        let json = try #require(try JSONValue.parse(text).objectValue)
        let back = try StackRevision(json: json, secrets: revision.secretContents)
        #expect(back == revision)
        var expected = pinned()
        expected.isExact = true
        #expect(DesiredStack(back) == expected)
    }

    @Test("the content of a secret is neither in the JSON nor in any print of it")
    func hidesSecrets() throws {
        let revision = StackRevision(pinned())
        let shown = JSONValue.object(revision.json()).text() + "\(revision)" + String(reflecting: revision)
        #expect(!shown.contains("hush"))
        #expect(!shown.contains(Data("hush".utf8).base64EncodedString()))
        #expect(revision.secretContents["shop_token"]?.exposed == Data("hush".utf8))
    }

    @Test("a revision whose secrets are not at hand, or that is something else, is refused")
    func refusesIncomplete() throws {
        let json = StackRevision(pinned()).json()
        #expect(throws: RoadsteadError.self) { try StackRevision(json: json, secrets: [:]) }
        #expect(throws: RoadsteadError.self) { try StackRevision(json: ["stack": "s"], secrets: [:]) }
    }

    @Test("registries are asked for the images of a revision, which go to the engine as they were")
    func keepsDigests() throws {
        let desired = DesiredStack(StackRevision(PlanFixture.desired()))
        #expect(desired.imagesToResolve(.always, live: LiveStack()) == ["nginx:1.25"])
        #expect(desired.imagesToResolve(.never, live: LiveStack()) == [])
        let found = ["nginx:1.25": ImageResolution.resolved(digest: PlanFixture.digest, platforms: [])]
        let plan = try StackPlan.make(desired: desired, live: LiveStack(), images: found)
        #expect(plan.outcome.exposed.services[0].spec.taskTemplate == desired.services[0].spec.taskTemplate)
    }
}
