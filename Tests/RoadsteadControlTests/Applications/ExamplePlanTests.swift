import DockerClient
import Foundation
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// The applications of Examples/ on a Swarm that is played: their real images are not run by any test.
@Suite struct ExamplePlanTests {
    @Test(
        "each is planned, applied, and planned again without a change",
        arguments: ["nextcloud", "traefik", "minio", "monitoring"])
    func plans(_ name: String) async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Examples/\(name)").path
        let text = try String(contentsOfFile: folder + "/compose.yaml", encoding: .utf8)
        let names = ["ADMIN_PASSWORD", "DATABASE_PASSWORD", "ACME_EMAIL", "DOMAIN", "ROOT_PASSWORD"]
        let input = ComposeInput(
            sources: [ComposeSource(path: "compose.yaml", text: text)],
            environment: Dictionary(uniqueKeysWithValues: names.map { ($0, "made-up") }), reader: DiskFileReader(),
            workingDirectory: folder)
        var desired = try ComposeReader.desiredStack(input, stackName: name)
        // Nothing comes up on this Swarm, so nothing can be waited for.
        for index in desired.services.indices { desired.services[index].dependencies = [] }
        let stack = desired
        try await FakeEngine.withClient { client, _ in
            let engine = StackEngine(
                engine: client, logger: Logger(label: "test"),
                pace: StackEngine.Pace(first: .milliseconds(5), later: .milliseconds(20)))
            let options = StackOptions(prune: .everything, resolveImage: .never, timeout: .seconds(30))
            let prepared = try await engine.plan(stack, options: options)
            let secrets = prepared.plan.steps.filter { $0.kind == .secret }
            #expect(prepared.plan.steps.contains { $0.kind == .service })
            #expect(secrets.count == stack.secrets.count)
            let applied = try await engine.apply(prepared)
            #expect(applied.failures.isEmpty && applied.services.count == stack.services.count)
            #expect(try await engine.plan(stack, options: options).plan.hasNoChange)
        }
    }
}
