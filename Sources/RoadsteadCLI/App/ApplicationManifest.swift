import RoadsteadBasics
import Yams

/// What a Compose file says about itself as an application, under the top-level key `x-roadstead`:
///
///     x-roadstead:
///       description: A shop.
///       logo: https://example.org/shop.png
///       tags: [shop, example]
///       license: {name: MIT, url: https://example.org/license}
///       urls: {site: "http://$${hostname}:$${web.tcp.80}/"}
///       variables: {TITLE: {description: Above each page., value: hello, required: true}}
///       outputs: {token: The first login's token.}
///       requirements: {cpu: 1, ram: 512, disk: 1024}     # cores, MiB, MiB
///
/// `$$` is a dollar sign, as everywhere in a Compose file.
struct ApplicationManifest: Sendable {
    struct Variable: Hashable, Sendable {
        var description: String?
        var value: String?
        var isRequired = false
    }

    /// Of the module itself: description, logo-url, tags, license.
    var metadata = JSONObject()
    var urls: [(label: String, pattern: String)] = []
    var outputs: [(name: String, description: String)] = []
    var variables: [String: Variable] = [:]
    var requirements: JSONObject?

    static let key = "x-roadstead"

    init() {}

    /// Throws invalidInput with the place of what is not understood.
    init(_ root: Node, path: String) throws(RoadsteadError) {
        guard let node = root[Self.key] else { return }
        let reader = ManifestReader(path: path)
        for (key, value) in try reader.mapping(node, Self.key) {
            switch key {
            case "description": metadata["description"] = .string(try reader.text(value, key))
            case "logo": metadata["logo-url"] = .string(try reader.text(value, key))
            case "tags": metadata["tags"] = JSONValue(try reader.texts(value, key))
            case "license": metadata["license"] = .object(try Self.license(value, reader))
            case "urls": urls = try reader.pairs(value, key).map { ($0, $1) }
            case "outputs": outputs = try reader.pairs(value, key).map { ($0, $1) }
            case "variables":
                for (name, fields) in try reader.mapping(value, key) {
                    variables[name] = try Self.variable(fields, reader)
                }
            case "requirements": requirements = try Self.requirements(value, reader)
            default:
                throw reader.failure(
                    value,
                    "\(Self.key) has no '\(key)': it takes description, logo, tags, license, urls, variables, "
                        + "outputs and requirements")
            }
        }
    }

    private static func license(_ node: Node, _ reader: ManifestReader) throws(RoadsteadError) -> JSONObject {
        var license = JSONObject()
        for (key, value) in try reader.mapping(node, "license") {
            guard ["name", "url", "description"].contains(key) else {
                throw reader.failure(value, "license has no '\(key)': it takes name, url and description")
            }
            license[key] = .string(try reader.text(value, key))
        }
        return license
    }

    private static func variable(_ node: Node, _ reader: ManifestReader) throws(RoadsteadError) -> Variable {
        var variable = Variable()
        if node.scalar != nil { return Variable(description: try reader.text(node, "variables")) }
        for (key, value) in try reader.mapping(node, "variables") {
            switch key {
            case "description": variable.description = try reader.text(value, key)
            case "value": variable.value = try reader.text(value, key)
            case "required": variable.isRequired = value.bool ?? false
            default:
                throw reader.failure(value, "a variable has no '\(key)': it takes description, value and required")
            }
        }
        return variable
    }

    private static func requirements(_ node: Node, _ reader: ManifestReader) throws(RoadsteadError) -> JSONObject {
        var requirements = JSONObject()
        for (key, value) in try reader.mapping(node, "requirements") {
            guard ["cpu", "ram", "disk"].contains(key), let number = value.float, number > 0 else {
                throw reader.failure(value, "requirements are cpu (cores), ram and disk (MiB), numbers above 0")
            }
            requirements["min-\(key)"] =
                key == "cpu" && number.rounded() != number ? .number(number) : .integer(Int64(number))
        }
        return requirements
    }
}

/// Reads the shapes that a manifest is made of.
private struct ManifestReader {
    let path: String

    func mapping(_ node: Node, _ what: String) throws(RoadsteadError) -> [(String, Node)] {
        guard let mapping = node.mapping else { throw failure(node, "\(what) must be a mapping") }
        return mapping.map { ($0.key.string ?? "", $0.value) }
    }

    func pairs(_ node: Node, _ what: String) throws(RoadsteadError) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for (key, value) in try mapping(node, what) { pairs.append((key, try text(value, what))) }
        return pairs
    }

    func text(_ node: Node, _ what: String) throws(RoadsteadError) -> String {
        guard let text = node.scalar?.string, !text.isEmpty else { throw failure(node, "\(what) must be a text") }
        return text.replacing("$$", with: "$")
    }

    func texts(_ node: Node, _ what: String) throws(RoadsteadError) -> [String] {
        guard let sequence = node.sequence else { throw failure(node, "\(what) must be a list") }
        var texts: [String] = []
        for element in sequence { texts.append(try text(element, what)) }
        return texts
    }

    func failure(_ node: Node, _ problem: String) -> RoadsteadError {
        let place = node.mark.map { ":\($0.line):\($0.column)" } ?? ""
        return RoadsteadError(.invalidInput, "\(path)\(place): \(problem)")
    }
}
