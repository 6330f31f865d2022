import Foundation
import Testing

@testable import RoadsteadCompose

@Suite struct ReaderTests {
    @Test("no file at all and a bad stack name are refused")
    func nothing() {
        let empty = ComposeInput(sources: [], reader: MemoryFileReader(files: [:]), workingDirectory: "/")
        #expect(throws: ComposeProblems.self) { try ComposeReader.desiredStack(empty, stackName: "s") }
        let source = ComposeInput(
            sources: [ComposeSource(path: "f", text: "services: {}")], reader: MemoryFileReader(files: [:]),
            workingDirectory: "/")
        #expect(throws: ComposeProblems.self) { try ComposeReader.desiredStack(source, stackName: "a b") }
    }

    @Test(
        "the memory reader finds a file by any spelling of its path",
        arguments: ["a/b", "./a/b", "/a/b", "a//b", "x/../a/b"])
    func memory(_ path: String) throws {
        #expect(try MemoryFileReader(files: ["./a/b": [1]]).read(path) == [1])
    }

    @Test("the disk reader reads, and says why it cannot")
    func disk() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let reader = DiskFileReader()
        #expect(FileManager.default.createFile(atPath: directory + "/a", contents: Data("hello".utf8)))
        #expect(try reader.read(directory + "/a") == Array("hello".utf8))
        #expect(
            FileManager.default.createFile(atPath: directory + "/big", contents: Data(count: DiskFileReader.limit + 1)))
        #expect(throws: ComposeFileError(path: directory + "/big", reason: "it is larger than 2097152 bytes")) {
            try reader.read(directory + "/big")
        }
        #expect(
            throws: ComposeFileError(path: directory + "/none", reason: "no such file or directory", isMissing: true)
        ) {
            try reader.read(directory + "/none")
        }
        #expect(throws: ComposeFileError(path: directory, reason: "it is a directory")) { try reader.read(directory) }
        // Endless files end at the cap.
        #expect(throws: ComposeFileError.self) { try reader.read("/dev/zero") }
    }

    @Test("a problem prints its place, path, message and hint")
    func description() {
        let problem = ComposeProblem(file: "f", line: 1, column: 2, path: "a.b[0]", message: "is bad", hint: "mend it")
        #expect(problem.description == "f:1:2: a.b[0]: is bad (mend it)")
        let whole = ComposeProblem(file: "f", line: 0, column: 0, path: "", message: "is bad")
        #expect(
            ComposeProblems(problems: [problem, whole]).description == "f:1:2: a.b[0]: is bad (mend it)\nf: is bad")
    }

    @Test("nobody is shown thousands of problems")
    func manyProblems() {
        let text = "services:\n" + (0..<1000).map { "  s\($0): {bad: 1}\n" }.joined()
        #expect(problems(text).count == ProblemLog.limit)
    }

    @Test("the examples of the repository are read without a warning", arguments: ["hello", "shop"])
    func examples(_ name: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let directory = root.appendingPathComponent("Examples/\(name)").path
        let text = try String(contentsOfFile: directory + "/compose.yml", encoding: .utf8)
        let input = ComposeInput(
            sources: [ComposeSource(path: "compose.yml", text: text)], environment: ["SHOP_DOMAIN": "shop.example.org"],
            reader: ExampleReader(), workingDirectory: directory)
        let stack = try ComposeReader.desiredStack(input, stackName: name)
        #expect(stack.warnings == [])
        #expect(stack.services.map(\.key) == (name == "hello" ? ["web"] : ["cache", "db", "migrate", "web", "worker"]))
    }

    /// The examples' own files; the passwords that people are to make themselves are made up.
    private struct ExampleReader: ComposeFileReader {
        func read(_ path: String) throws -> [UInt8] {
            path.contains("/secrets/") ? Array("generated".utf8) : try DiskFileReader().read(path)
        }
    }
}

/// Broken files of all kinds: whatever comes in, an answer comes out.
@Suite struct FuzzTests {
    /// Another one every run, so that runs add up; ROADSTEAD_FUZZ_SEED brings the files of one back.
    private static let runSeed: UInt64 = {
        let given = ProcessInfo.processInfo.environment["ROADSTEAD_FUZZ_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 1...UInt64(UInt32.max))
        // Said beforehand: a crash says no more.
        print("mutations of Compose files: ROADSTEAD_FUZZ_SEED=\(seed)")
        return seed
    }()

    /// Files a part.
    private static let rounds = 4_000

    /// xorshift64*: the same files for the same state.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 2_685_821_657_736_338_717
        }
    }

    @Test(
        "files of the corpus with bytes changed, lost or doubled give a stack or problems with places", arguments: 1...8
    )
    func mutations(_ part: UInt64) throws {
        var numbers = Numbers(state: (Self.runSeed &* 8 &+ part) &* 0x9E37_79B9_7F4A_7C15)
        let names = Set(CorpusCase.all.flatMap { $0.steps.flatMap(\.files) }).sorted()
        let files = try names.map { ($0, try Corpus.bytes("compose/" + $0)) }
        for round in 0..<Self.rounds {
            var (name, bytes) = try #require(files.randomElement(using: &numbers))
            for _ in 0..<Int.random(in: 1...6, using: &numbers) { mutate(&bytes, &numbers) }
            let source = ComposeSource(path: name, text: String(decoding: bytes, as: UTF8.self))
            let input = ComposeInput(
                sources: [source], environment: ["N": "4"], reader: CorpusReader(), workingDirectory: Corpus.directory)
            do {
                let stack = try ComposeReader.desiredStack(input, stackName: "s")
                #expect(stack.name == "s", "seed \(Self.runSeed), part \(part), round \(round)")
            } catch {
                #expect(
                    !error.problems.isEmpty && error.problems.allSatisfy { $0.file == name && !$0.message.isEmpty },
                    "seed \(Self.runSeed), part \(part), round \(round)")
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ numbers: inout Numbers) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: bytes.indices, using: &numbers)
        let alphabet = Array("{}[]:,-&*!|>'\"%@`#?~$ \n\t<0a\u{0}é".utf8)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: bytes[index] = alphabet.randomElement(using: &numbers) ?? 0
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(alphabet.randomElement(using: &numbers) ?? 0, at: index)
        default:
            let end = min(bytes.count, index + Int.random(in: 1...40, using: &numbers))
            bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: bytes.indices, using: &numbers))
        }
    }
}
