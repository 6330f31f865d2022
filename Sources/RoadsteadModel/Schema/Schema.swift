import RoadsteadBasics

/// What is wrong with a document, and where.
public struct SchemaProblem: Sendable, Hashable, CustomStringConvertible {
    /// Dotted path of the attribute, such as `content.files[0].file-name`.
    public let path: String
    public let problem: String

    init(_ path: String, _ problem: String) {
        self.path = path
        self.problem = problem
    }

    public var description: String { "\(path) \(problem)" }
}

/// A set of attributes. What it does not name is refused, unless it is open.
public struct Schema: Sendable {
    /// What becomes of attributes that a schema does not name.
    public enum Openness: Sendable {
        /// They are refused.
        case closed
        /// They may be there, with any value, when their name has a namespace: `prefix:name`.
        case namespaced
        /// They may be there, with any value.
        case open
    }

    public let attributes: [Attribute]
    public let openness: Openness
    private let known: [String: Attribute]

    public init(_ attributes: [Attribute], openness: Openness = .closed) {
        self.attributes = attributes
        self.openness = openness
        known = Dictionary(attributes.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// This schema and more attributes; a later one of the same name takes the earlier one's place.
    public func adding(_ more: [Attribute]) -> Schema {
        let names = Set(more.map(\.name))
        return Schema(attributes.filter { !names.contains($0.name) } + more, openness: openness)
    }

    private func isTolerated(_ name: String) -> Bool {
        switch openness {
        case .closed: return false
        case .open: return true
        case .namespaced:
            let parts = name.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
        }
    }

    public func names(with trait: Attribute.Traits) -> Set<String> {
        Set(attributes.filter { !$0.traits.isDisjoint(with: trait) }.map(\.name))
    }

    /// All that is wrong, in the order of the document, missing attributes last.
    public func problems(with object: JSONObject, at path: String = "") -> [SchemaProblem] {
        let prefix = path.isEmpty ? "" : path + "."
        let present = object.flatMap { key, value in
            if let attribute = known[key] { return attribute.kind.problems(with: value, at: prefix + key) }
            if isTolerated(key) { return [] }
            let shown = prefix + String(key.prefix(100))
            return [SchemaProblem(shown, "is not known here\(Self.hint(for: key, among: known.keys))")]
        }
        let missing = attributes.filter { $0.traits.contains(.required) && object[$0.name] == nil }
        return present + missing.map { SchemaProblem(prefix + $0.name, "is missing") }
    }

    /// Throws `invalidInput` that names the resource and lists at most ten problems.
    public func check(_ object: JSONObject, as what: String) throws(RoadsteadError) {
        let problems = problems(with: object)
        guard !problems.isEmpty else { return }
        let shown = problems.prefix(10).map(\.description).joined(separator: "; ")
        let rest = problems.count > 10 ? "; and \(problems.count - 10) more" : ""
        throw RoadsteadError(.invalidInput, "\(what) is not valid: \(shown)\(rest)")
    }

    /// A short list of what would be known, when it is short enough to help.
    private static func hint(for key: String, among names: some Collection<String>) -> String {
        let alike = names.filter { $0.lowercased().hasPrefix(key.lowercased().prefix(3)) }.sorted().prefix(3)
        let close = alike.isEmpty ? NearestKey.find(key, among: names).map { [$0] } ?? [] : Array(alike)
        return close.isEmpty ? "" : " (did you mean \(close.joined(separator: ", "))?)"
    }
}
