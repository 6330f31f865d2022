import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// `stack deploy --build` on a real engine, with a real registry.
@Suite("Images from source", .serialized)
struct StackBuildLabTests {
    @Test("--build makes the image, pushes it and deploys it by digest; without it the missing image is refused")
    func build() async throws {
        try await StackTrial.run("build") { trial in
            try await TemporaryDirectory.run { folder in
                // A tag of its own: the registry of a lab that is used again has those of former runs.
                let image = trial.registry.image("built:" + UUID().uuidString.lowercased())
                try layOut(folder, image: image, base: trial.registry.image("busybox:1"))
                let refused = try await roadstead(folder, trial, [])
                #expect(refused.status == 3, "\(refused.transcript)")
                let deployed = try await roadstead(folder, trial, ["--build"])
                #expect(deployed.status == 0, "\(deployed.transcript)")
                let service = try await trial.client.services(["name": ["\(trial.name)_web"]]).first
                let used = service?.spec.taskTemplate.containerSpec?.image ?? ""
                #expect(used.hasPrefix(image + "@sha256:"), "\(used)")
            }
        }
    }

    private func layOut(_ folder: TemporaryDirectory, image: String, base: String) throws {
        let files = [
            "compose.yml":
                "services: {web: {image: '\(image)', build: {context: ., args: {WHO: me}}, stop_grace_period: 1s}}",
            "Dockerfile": "FROM \(base)\nARG WHO\nCOPY page /page\nRUN test ! -e /out.tmp\nCMD [\"sleep\", \"3600\"]\n",
            "page": "hello", "out.tmp": "x", ".dockerignore": "*.tmp\n",
        ]
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: folder.file(name))) }
    }

    private func roadstead(
        _ folder: TemporaryDirectory, _ trial: StackTrial, _ more: [String]
    ) async throws -> ProgramResult {
        try await Program.run(
            Program.roadstead,
            ["stack", "deploy", "-c", folder.file("compose.yml"), "--env-file", "/dev/null", trial.name] + more,
            environment: try LabHosts.required().dockerEnvironment(in: folder.path))
    }
}
