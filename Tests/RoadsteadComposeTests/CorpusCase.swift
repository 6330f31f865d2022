import Foundation
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

/// One recorded case: a few deploys one after the other, and the state of the engine after each.
struct CorpusCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Step: Decodable, Sendable {
        var files: [String]
        var env: [String: String]?
        var mention: [String]?
    }

    var name: String
    var kind: String
    var steps: [Step]

    var testDescription: String { name }

    static let all: [CorpusCase] = load()

    /// Refused by docker before or by the engine, but only an engine can know: what exists, and what ran before.
    static let needsEngine: Set<String> = [
        "bad-config-external-missing", "bad-secret-external-missing", "bad-network-external-local",
        "bad-network-exists", "up-mode-change",
    ]

    /// Refused by docker's old schema; the specification has lifted that: numbers may be written as texts.
    static let lifted: Set<String> = ["bad-replicas-type"]

    private static func load() -> [CorpusCase] {
        do {
            return try JSONDecoder().decode([CorpusCase].self, from: Data(try Corpus.bytes("cases.json")))
        } catch {
            fatalError("cases.json cannot be read: \(error)")
        }
    }

    /// The recorded steps of this case.
    func goldens() throws -> [JSONValue] {
        let golden = try JSONValue.parse(try Corpus.bytes("goldens/\(name).json"))
        return golden["steps"]?.arrayValue ?? []
    }
}

/// The folder of recorded cases.
enum Corpus {
    /// Where the cases pretend to lie: results do not depend on where the tests run.
    static let parent = "/parent"
    static let directory = "/parent/compose"
    static let home = "/home/gold"

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let root = Bundle.module.resourceURL else { throw ComposeFileError(path: path, reason: "no resources") }
        let url = root.appendingPathComponent("Corpus").appendingPathComponent(path)
        return [UInt8](try Data(contentsOf: url))
    }

    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    static func input(_ step: CorpusCase.Step) throws -> ComposeInput {
        let sources = try step.files.map { file in
            ComposeSource(path: "\(directory)/\(file)", text: try text("compose/" + file))
        }
        let first = sources.first?.path ?? directory
        let environment = (step.env ?? [:]).merging(["HOME": home]) { $1 }
        return ComposeInput(
            sources: sources, environment: environment, reader: CorpusReader(),
            workingDirectory: String(first[..<(first.lastIndex(of: "/") ?? first.endIndex)]))
    }
}

/// Reads the corpus' files where they pretend to lie.
struct CorpusReader: ComposeFileReader {
    func read(_ path: String) throws -> [UInt8] {
        let prefix = Corpus.directory + "/"
        guard path.hasPrefix(prefix) else { throw ComposeFileError(path: path, reason: "no such file or directory") }
        if path == prefix + "files/big.dat" { return [UInt8](repeating: UInt8(ascii: "x"), count: 1_120_000) }
        do {
            return try Corpus.bytes("compose/" + path.dropFirst(prefix.count))
        } catch {
            throw ComposeFileError(path: path, reason: "no such file or directory")
        }
    }
}
