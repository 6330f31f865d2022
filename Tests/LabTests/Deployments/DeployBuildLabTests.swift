import DockerAPI
import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// `deploy --build` over a server: an engine of the caller's makes the image and pushes it, the nodes pull it.
@Suite("Images from source, over a server", .serialized)
struct DeployBuildLabTests {
    @Test("what was pushed runs by digest, and a second deploy changes nothing; a build that fails touches nothing")
    func life() async throws {
        try await FolderTrial.run("workshop") { trial in
            var trial = trial
            let image = try trial.lab.registry().image("workshop:" + UUID().uuidString.lowercased())
            try layOut(trial, image)
            trial.environment = try trial.lab.dockerEnvironment(in: trial.server.folder.path)
            let planned = try await trial.expect(0, "plan", "--on", "swarm", "--build")
            #expect(planned.output.contains("* image \(image) is built for service web"), "\(planned.transcript)")
            #expect(!planned.output.contains("--plan-id") && !planned.transcript.contains("is ignored"))
            #expect(try await trial.documents("deployment", "ls").isEmpty)
            try await trial.expect(3, "deploy", "--on", "swarm")

            let deployed = try await trial.expect(0, "deploy", "--on", "swarm", "--build")
            #expect(deployed.output.contains("pushing \(image)"), "\(deployed.transcript)")
            #expect(!deployed.transcript.contains("is ignored"), "\(deployed.transcript)")
            let first = try await task(trial)
            #expect(first["image"]?.stringValue?.hasPrefix(image + "@sha256:") == true, "\(first)")
            try await trial.expect(0, "deploy", "--build", "-q")
            #expect(try await task(trial)["id"] == first["id"])
            let plan = try await trial.expect(0, "plan")
            #expect(plan.output.contains("Nothing would change"), "\(plan.transcript)")

            try trial.write("page", "two")
            try await trial.expect(0, "deploy", "--build")
            let read = try await trial.expect(0, "exec", "-T", "web", "cat", "/page")
            #expect(read.output == "two", "\(read.transcript)")
            try await fail(trial)
        }
    }

    /// Nothing is changed by a build that fails, nor by a push that the registry refuses.
    private func fail(_ trial: FolderTrial) async throws {
        var trial = trial
        let (before, revisions) = (try await task(trial), try await trial.documents("history").count)
        try trial.write("Dockerfile", "FROM IMAGE\nRUN echo there is no compiler; exit 7\n")
        let failed = try await trial.expect(3, "deploy", "--build")
        #expect(failed.output.contains("there is no compiler") && failed.errors.contains("returned a non-zero code: 7"))
        let quiet = try await trial.expect(3, "deploy", "--build", "-q")
        #expect(quiet.output.isEmpty && quiet.errors.contains("there is no compiler"), "\(quiet.transcript)")
        try trial.write("Dockerfile", "FROM IMAGE\nRUN touch /other\n")
        trial.environment["DOCKER_CONFIG"] = "/nonexistent"
        let refused = try await trial.expect(3, "deploy", "--build")
        #expect(refused.errors.contains("cannot push"), "\(refused.transcript)")
        #expect(try await task(trial)["id"] == before["id"])
        #expect(try await trial.documents("history").count == revisions)
    }

    private func layOut(_ trial: FolderTrial, _ image: String) throws {
        try trial.write(
            "compose.yaml",
            "services: {web: {image: '\(image)', build: {context: ., args: {WHO: me}}, stop_grace_period: 0s}}")
        try trial.write(
            "Dockerfile", "FROM IMAGE\nARG WHO\nCOPY page /page\nRUN test $WHO = me\nCMD [\"sleep\", \"3600\"]\n")
        try trial.write("page", "one")
    }

    /// The one that runs.
    private func task(_ trial: FolderTrial) async throws -> JSONValue {
        let tasks = try await trial.documents("ps")
        #expect(tasks.count == 1 && tasks[0]["state"] == "running", "\(tasks)")
        return try #require(tasks.first)
    }
}
