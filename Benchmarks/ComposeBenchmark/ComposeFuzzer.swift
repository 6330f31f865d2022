import Foundation
import RoadsteadCompose

/// Makes broken Compose files of good ones: the same ones for the same seed and number.
struct ComposeFuzzer: Sendable {
    struct Outcome: Sendable {
        var stacks = 0
        var refused = 0
        /// Seconds.
        var slowest = 0.0
        var slowestNumber = 0
        var failures: [String] = []

        mutating func add(_ other: Outcome) {
            stacks += other.stacks
            refused += other.refused
            failures += other.failures
            if other.slowest > slowest { (slowest, slowestNumber) = (other.slowest, other.slowestNumber) }
        }
    }

    private let seeds: [[UInt8]]

    init(folder: String) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
            $0.hasSuffix(".yml") || $0.hasSuffix(".yaml")
        }
        seeds = try names.sorted().map { [UInt8](try Data(contentsOf: URL(filePath: folder + "/" + $0))) }
    }

    func run(_ numbers: some Sequence<Int>, seed: UInt64) -> Outcome {
        var outcome = Outcome()
        for number in numbers {
            let (input, _) = input(number, seed: seed)
            let start = ContinuousClock.now
            do throws(ComposeProblems) {
                _ = try ComposeReader.desiredStack(input, stackName: "s")
                outcome.stacks += 1
            } catch {
                outcome.refused += 1
                if error.problems.contains(where: { $0.message.isEmpty || $0.file.isEmpty }) || error.problems.isEmpty {
                    outcome.failures.append("number \(number): a problem without words")
                }
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if seconds > outcome.slowest { (outcome.slowest, outcome.slowestNumber) = (seconds, number) }
            if seconds > 2 { outcome.failures.append("number \(number) took \(seconds) s") }
        }
        return outcome
    }

    /// Sometimes as the file itself, sometimes as the second, as an included one (bytes that are no UTF-8 among them), or as a
    /// file of variables.
    func input(_ number: Int, seed: UInt64) -> (ComposeInput, text: String) {
        var random = Numbers(state: (seed &* 0x9E37_79B9_7F4A_7C15) ^ (UInt64(number) &+ 1) &* 0xD134_2543_DE82_EF95)
        for _ in 0..<4 { _ = random.next() }
        var bytes = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
        if bytes.count > 300_000 { bytes.removeLast(bytes.count - 300_000) }
        let text = String(decoding: bytes, as: UTF8.self)
        var sources = [ComposeSource(path: "a.yml", text: text)]
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            let base = seeds.randomElement(using: &random) ?? []
            sources.insert(ComposeSource(path: "b.yml", text: String(decoding: base, as: UTF8.self)), at: 0)
        case 1: sources = [ComposeSource(path: "b.yml", text: "include: [m.yml]\n")]
        case 2:
            sources = [
                ComposeSource(
                    path: "b.yml",
                    text: "services: {w: {image: a, env_file: [{path: m.yml}], extends: {file: m.yml, service: web}}}\n"
                )
            ]
        default: break
        }
        let input = ComposeInput(
            sources: sources, environment: ["N": "4", "TAG": "x", "HOME": "/h"],
            reader: MemoryFileReader(files: ["m.yml": bytes, "files/app.conf": [65], ".env": bytes]),
            workingDirectory: "/",
            profiles: number % 3 == 0 ? ["*"] : [], builds: number % 5 == 0)
        return (input, text)
    }

    // MARK: - Mutations

    private static let tokens: [[UInt8]] =
        [
            "&a ", "*a", "<<: *a", "<<: ", "!reset ", "!override ", "!!str ", "!x ", "${A:-", "${A:?", "${", "}", "$",
            "$$", "- ", ": ",
            "{", "}", "[", "]", "? ", "| \n", "> \n", "'", "\"", "#", "---\n", "...\n", "%YAML 1.2\n",
            "99999999999999999999", "-1", "1e999",
            "0x7fffffffffffffff", ".inf", ".nan", "null", "~", "true", "\u{0}", "\u{FEFF}", "\u{E000}", "é", "\t",
            "\r\n", "\u{2028}",
            "services:\n", "include: [m.yml]\n", "extends: web", "depends_on: [web]", "profiles: [a]", "deploy: ",
            "ports: ['1-65535']",
            "env_file: .env", "build: .", "content: x", "9999999h", "0.0000000001", "999999999999g", "x-a: ", "    ",
            "1-65535:1-65535",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80]]

    private func mutate(_ bytes: inout [UInt8], _ random: inout Numbers) {
        guard !bytes.isEmpty else { return bytes += Self.tokens.randomElement(using: &random) ?? [] }
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<16, using: &random) {
        case 0...1: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.remove(at: index)
        case 3...6: bytes.insert(contentsOf: Self.tokens.randomElement(using: &random) ?? [], at: index)
        case 7: repeatLines(&bytes, &random)
        case 8: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...60, using: &random)))
        case 9:
            let end = min(bytes.count, index + Int.random(in: 1...200, using: &random))
            bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: bytes.indices, using: &random))
        case 10...11: splice(&bytes, at: index, &random)
        case 12: nest(&bytes, at: index, &random)
        case 13: bytes += aliasBomb(&random)
        case 14: reindent(&bytes, &random)
        default:
            bytes.insert(
                contentsOf: Array(repeating: bytes[index], count: Int.random(in: 1...5000, using: &random)), at: index)
        }
    }

    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    private func repeatLines(_ bytes: inout [UInt8], _ random: inout Numbers) {
        var all = lines(bytes)
        let index = Int.random(in: all.indices, using: &random)
        let block = all[index..<min(all.count, index + Int.random(in: 1...5, using: &random))]
        for _ in 0..<Int.random(in: 1...50, using: &random) { all.insert(contentsOf: block, at: index) }
        bytes = Array(all.joined(separator: [UInt8(ascii: "\n")]))
    }

    private func splice(_ bytes: inout [UInt8], at index: Int, _ random: inout Numbers) {
        guard let other = seeds.randomElement(using: &random), !other.isEmpty else { return }
        let start = Int.random(in: other.indices, using: &random)
        bytes.insert(contentsOf: other[start..<min(other.count, start + 400)], at: index)
    }

    private func nest(_ bytes: inout [UInt8], at index: Int, _ random: inout Numbers) {
        let openers: [String] = ["[", "{a: ", "- ", "? ", "${A:-", "a:\n "]
        let opener = Array((openers.randomElement(using: &random) ?? "[").utf8)
        let depth = Int.random(in: 1...2000, using: &random)
        bytes.insert(contentsOf: repeatElement(opener, count: depth).joined(), at: index)
    }

    private func aliasBomb(_ random: inout Numbers) -> [UInt8] {
        let width = Int.random(in: 2...12, using: &random)
        var text = "\nx-a0: &a0 [x, x]\n"
        for level in 1...Int.random(in: 1...30, using: &random) {
            text +=
                "x-a\(level): &a\(level) [" + repeatElement("*a\(level - 1)", count: width).joined(separator: ", ")
                + "]\n"
        }
        return Array(text.utf8)
    }

    private func reindent(_ bytes: inout [UInt8], _ random: inout Numbers) {
        var all = lines(bytes)
        let index = Int.random(in: all.indices, using: &random)
        let blanks = Array(repeating: UInt8(ascii: " "), count: Int.random(in: 0...8, using: &random))
        all[index] = (blanks + all[index].drop { $0 == UInt8(ascii: " ") })[...]
        bytes = Array(all.joined(separator: [UInt8(ascii: "\n")]))
    }
}

/// xorshift64*: the same numbers for the same state.
struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        if state == 0 { state = 1 }
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 2_685_821_657_736_338_717
    }
}
