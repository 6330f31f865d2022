import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel
import RoadsteadStore

/// The files that an application's secrets are made of.
///
/// A content (of a version, or in a deployment's copy of it) has their names in `secret-files`. What they hold is sealed in
/// `sealed-files`, bound to the version, and leaves towards the Swarm only: no answer has it.
struct SecretFiles: Sendable {
    static let names = "secret-files"
    static let sealed = "sealed-files"

    private var contents: [String: Redacted<String>]

    init(_ contents: [String: Redacted<String>] = [:]) { self.contents = contents }

    var bytes: [String: [UInt8]] { contents.mapValues { Array($0.exposed.utf8) } }

    subscript(name: String) -> Redacted<String>? { contents[name] }

    // MARK: - Stored

    /// Those of a stored content.
    init(of content: JSONObject, sealer: Sealer) throws {
        contents = [:]
        guard let text = content[Self.sealed]?.stringValue else { return }
        let opened = try JSONValue.parse(try sealer.open(text, context: Self.context(content)))
        for (name, value) in opened.objectValue ?? [:] { contents[name] = value.stringValue.map { Redacted($0) } }
    }

    /// The content with these files and no others.
    func placed(in content: JSONObject, sealer: Sealer) throws -> JSONObject {
        var content = content.filter { $0.key != Self.names && $0.key != Self.sealed }
        guard !contents.isEmpty else { return content }
        let files = contents.sorted { $0.key < $1.key }
        content[Self.names] = .array(files.map { ["file-name": .string($0.key)] })
        let json = JSONValue.object(JSONObject(files.map { ($0.key, .string($0.value.exposed)) }))
        content[Self.sealed] = .string(try sealer.seal(json.text(), context: Self.context(content)))
        return content
    }

    /// A deployment's copy keeps the id of the version's content, so that it can be copied as it is.
    private static func context(_ content: JSONObject) -> String { "\(id(content))#\(sealed)" }

    private static func id(_ content: JSONObject) -> String {
        content["id"]?.stringValue ?? ResourceType.moduleApplication.name
    }

    /// A stored content as an answer shows it; who may change the files learns by digests whether they are the same.
    static func shown(_ content: JSONObject, withDigests: Bool, sealer: Sealer) throws -> JSONObject {
        var shown = content.filter { $0.key != sealed }
        guard withDigests else { return shown }
        let files = try SecretFiles(of: content, sealer: sealer)
        shown[names] = content[names]?.arrayValue.map { entries in
            .array(
                entries.map { entry in
                    let name = entry["file-name"]?.stringValue ?? ""
                    guard var object = entry.objectValue, let text = files[name] else { return entry }
                    object["digest"] = .string(
                        SecretFileDigest.make(text.exposed, name: name, version: id(content)))
                    return .object(object)
                })
        }
        return shown
    }

    // MARK: - Given

    /// Takes the secret files out of a content as somebody gave it: those in `secret-files`, and those of `files` that a
    /// secret of the Compose text is made of, as clients send them that know no other place.
    ///
    /// An entry without content keeps what `kept` has. Without `secret-files` all is kept that the text still makes
    /// secrets of. Throws `invalidInput` for an entry whose content nobody has.
    static func take(from content: inout JSONObject, over kept: SecretFiles) throws(RoadsteadError) -> SecretFiles {
        let named = wanted(by: content)
        var taken = SecretFiles()
        if let given = content[names]?.arrayValue {
            for entry in given { try taken.add(entry, over: kept) }
        } else {
            taken.contents = kept.contents.filter { named?.contains($0.key) ?? true }
        }
        let files = content["files"]?.arrayValue
        let open = files?.filter { entry in
            let name = entry["file-name"]?.stringValue ?? ""
            guard let text = entry["file-content"]?.stringValue,
                (named?.contains(name) ?? (kept[name] != nil)) || taken[name] != nil
            else { return true }
            taken.contents[name] = Redacted(text)
            return false
        }
        content["files"] = open.flatMap { $0.isEmpty ? nil : .array($0) }
        content[names] = nil
        content[sealed] = nil
        return taken
    }

    private mutating func add(_ entry: JSONValue, over kept: SecretFiles) throws(RoadsteadError) {
        let name = entry["file-name"]?.stringValue ?? ""
        guard let content = entry["file-content"]?.stringValue.map({ Redacted($0) }) ?? kept[name] else {
            throw RoadsteadError(
                .invalidInput,
                "content.secret-files has '\(name)' without file-content, and no content of it is kept; give it")
        }
        contents[name] = content
    }

    private static func wanted(by content: JSONObject) -> SecretFileNames? {
        let files = (content["files"]?.arrayValue ?? []).compactMap { entry in
            entry["file-name"]?.stringValue.map { ($0, entry["file-content"]?.stringValue ?? "") }
        }
        return SecretFileNames(
            content["docker-compose"]?.stringValue ?? "", files: Dictionary(files, uniquingKeysWith: { $1 }))
    }

    /// A content of an older server, which kept all files in clear, with its secret files sealed.
    static func sealing(_ content: JSONObject, sealer: Sealer) throws -> JSONObject {
        var open = content
        let files = try take(from: &open, over: SecretFiles(of: content, sealer: sealer))
        return open["files"] == content["files"] ? content : try files.placed(in: open, sealer: sealer)
    }

    // MARK: - A user's own

    /// `content` with the contents that `given` has for its files, in `secret-files` or in `files`.
    static func applying(_ given: JSONObject, to content: JSONObject, sealer: Sealer) throws -> JSONObject {
        var files = try SecretFiles(of: content, sealer: sealer)
        let entries = (given["files"]?.arrayValue ?? []) + (given[names]?.arrayValue ?? [])
        var isChanged = false
        for entry in entries {
            guard let name = entry["file-name"]?.stringValue, let held = files[name],
                let text = entry["file-content"]?.stringValue, held.exposed != text
            else { continue }
            files.contents[name] = Redacted(text)
            isChanged = true
        }
        return isChanged ? try files.placed(in: content, sealer: sealer) : content
    }

    /// Entries with their contents, to be applied to another version: those that `defaults` does not have.
    func differing(from defaults: SecretFiles) -> JSONValue {
        .array(
            contents.filter { defaults[$0.key] != $0.value }.sorted { $0.key < $1.key }
                .map { ["file-name": .string($0.key), "file-content": .string($0.value.exposed)] })
    }
}
