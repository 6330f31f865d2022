import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// The recorded corpus once more, by the real binary on a real engine: what it makes is read back and held against what docker made.
/// CorpusTests does the same without an engine; here the engine's own defaults, updates and refusals count too.
@Suite("The corpus on a real engine", .serialized)
struct ComposeCorpusLabTests {
    /// Where we mean to differ; Documentation/compose.md has the reasons.
    private static let intended: Set<String> = [
        // Numbers may be written as texts.
        "bad-replicas-type"
    ]

    @Test("every case comes out as docker's, but for a reviewed few")
    func corpus() async throws {
        let verdicts = try await verdicts([])
        #expect(verdicts.count == 93)
        #expect(Set(verdicts.filter { !["same", "alike"].contains($0.value) }.keys) == Self.intended)
    }

    @Test("a stack of the docker CLI is taken over without replacing a task or an object")
    func takeover() async throws {
        let lab = try LabHosts.required()
        let script = Program.repository.appending(path: "Lab/swarm").path
        let reference = "\(script) docker old1 stack deploy --resolve-image never {args} {files} {stack}"
        let verdicts = try await verdicts(["--takeover", "--reference", reference, "--pass-env", "LAB_NAME"], lab.name)
        #expect(verdicts.count == 40)
        #expect(verdicts.filter { !["same", "alike"].contains($0.value) }.keys.sorted() == [])
    }

    /// Runs the harness against the single-node Swarm of `old1`, whose engine is of the release that was recorded.
    private func verdicts(_ more: [String], _ labName: String = "") async throws -> [String: String] {
        try await TemporaryDirectory.run { folder in
            let corpus = try layOut(in: folder)
            let deploy =
                "\(Program.roadstead) stack deploy --env-file /dev/null --resolve-image never --detach {args} {files} {stack}"
            let result = try await Program.run(
                "/usr/bin/python3",
                [
                    Program.repository.appending(path: "Lab/compose-diff.py").path, "--quiet",
                    "--docker-host", "unix://" + (try await socket()), "--corpus", corpus + "/compose",
                    "--goldens", corpus + "/goldens", "--json", folder.file("verdicts.json"), "--deploy", deploy,
                ] + more, environment: ["LAB_NAME": labName], timeout: .seconds(400))
            let data = try #require(
                FileManager.default.contents(atPath: folder.file("verdicts.json")), "\(result.transcript)")
            let verdicts = try JSONDecoder().decode([String: String].self, from: data)
            if result.status != 0 { print(result.output) }
            return verdicts
        }
    }

    /// The corpus as a folder: with a decoy `.env` that must not be read, and the one file that is too big to keep.
    private func layOut(in folder: TemporaryDirectory) throws -> String {
        let corpus = folder.file("corpus")
        let source = Program.repository.appending(path: "Tests/RoadsteadComposeTests/Corpus").path
        try FileManager.default.copyItem(atPath: source, toPath: corpus)
        try FileManager.default.copyItem(atPath: source + "/cases.json", toPath: corpus + "/compose/cases.json")
        try Data(repeating: UInt8(ascii: "x"), count: 1_120_000).write(
            to: URL(filePath: corpus + "/compose/files/big.dat"))
        try Data("DOTENV_ONLY=leaked\nCOMPOSE_PROJECT_NAME=leaked\n".utf8).write(
            to: URL(filePath: corpus + "/compose/.env"))
        return corpus
    }

    /// The engine's unix socket within the host, seen from outside.
    private func socket() async throws -> String {
        let status = try await LabHosts.required().command("lab", "status")
        let line = status.split(separator: "\n").first { $0.hasPrefix("old1 ") }
        let process = try #require(line?.split(separator: " ", omittingEmptySubsequences: true)[safe: 3])
        return "/proc/\(process)/root/run/docker.sock"
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
