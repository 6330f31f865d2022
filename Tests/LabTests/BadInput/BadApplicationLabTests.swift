import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Mistakes in what is deployed, made at a real server with a real Swarm.
@Suite("Bad applications", .serialized)
struct BadApplicationLabTests {
    struct Case: Sendable {
        var what: String
        var compose: String
        var status: Int32
        var words: [String]
    }

    private static let cases = [
        Case(
            what: "a key that Compose does not know",
            compose: "services:\n  web:\n    image: IMAGE\n    replica: 3\n", status: 2,
            words: ["compose.yml:4:5", "services.web.replica"]),
        Case(
            what: "a text that is no YAML", compose: "services:\n  web:\n\timage: IMAGE\n", status: 2,
            words: ["compose.yml:3"]),
        Case(
            what: "a missing variable",
            compose: "services:\n  web:\n    image: IMAGE\n    command: ${NO_SUCH:?say which}\n",
            status: 2, words: ["compose.yml:4", "NO_SUCH", "say which"]),
        Case(
            what: "an image that does not exist",
            compose: "services:\n  web:\n    image: REGISTRY/nothing:7\n    deploy: {restart_policy: {delay: 500ms}}\n",
            status: 3, words: ["REGISTRY/nothing:7"]),
        Case(
            what: "a config file that is not there",
            compose: "services:\n  web: {image: IMAGE, configs: [page]}\nconfigs: {page: {file: ./gone.html}}\n",
            status: 2, words: ["gone.html"]),
        Case(
            what: "an external network that does not exist",
            compose: "services:\n  web: {image: IMAGE, networks: [out]}\nnetworks: {out: {external: true}}\n",
            status: 3, words: ["out", "docker network create"]),
    ]

    @Test("each is refused with its place and what to do, and the Swarm is as it was")
    func refused() async throws {
        let lab = try LabHosts.required()
        let registry = try lab.registry()
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            for (index, one) in Self.cases.enumerated() {
                let text = one.compose.replacing("IMAGE", with: registry.image("busybox:1"))
                    .replacing("REGISTRY", with: registry.address)
                try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
                let result = try await server.cli(
                    ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "bad\(index)"],
                    directory: server.folder.path)
                #expect(result.status == one.status, "\(one.what): \(result.transcript)")
                for word in one.words.map({ $0.replacing("REGISTRY", with: registry.address) }) {
                    #expect(result.errors.contains(word), "\(one.what) should say \(word): \(result.transcript)")
                }
                _ = try await server.cli(["deployment", "rm", "bad\(index)", "--stop"])
            }
        }
    }

    @Test("a published port that another service has is a conflict that names the port")
    func portInUse() async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            let text =
                "services:\n  web: {image: '\(image)', command: sleep 3600, stop_grace_period: 0s, ports: ['30880:80']}\n"
            try text.write(toFile: server.folder.file("compose.yml"), atomically: true, encoding: .utf8)
            let first = try await server.cli(
                ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "first"], directory: server.folder.path)
            #expect(first.status == 0, "\(first.transcript)")
            let second = try await server.cli(
                ["deploy", "-f", "compose.yml", "--to", "swarm", "--name", "second"], directory: server.folder.path)
            #expect(second.status == 4, "\(second.transcript)")
            #expect(second.errors.contains("30880"), "\(second.transcript)")
            for name in ["second", "first"] {
                let removed = try await server.cli(["deployment", "rm", name, "--stop"])
                #expect(removed.status == 0, "\(removed.transcript)")
            }
        }
    }
}
