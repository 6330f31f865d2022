import RoadsteadBasics

/// What an API key may be used for, narrower than the rights of whom it stands for. Ours, beside the dialect.
///
/// On the wire: `{"actions": ["retrieve", "query", "deployment/start"], "resources": ["deployment", "module/5b…"]}`. An
/// action is a verb (`retrieve query add edit delete bulk-delete`), the name of an action, either for one type only when it is
/// written `type/verb`. A resource is a type or an id. A part that is absent allows everything in its dimension. The scope
/// says what a request may address; what a permitted action reaches from there is a matter of the caller's rights.
public struct KeyScope: Sendable, Hashable {
    /// nil: every verb and action.
    public let actions: Set<String>?
    /// nil: every type and resource.
    public let resources: Set<String>?

    public init(actions: Set<String>? = nil, resources: Set<String>? = nil) {
        self.actions = actions
        self.resources = resources
    }

    private static let longest = 100

    /// Throws `invalidInput` for what is no scope, an empty list, and more than 100 entries.
    public init(json: JSONValue) throws(RoadsteadError) {
        guard let object = json.objectValue else { throw RoadsteadError(.invalidInput, "scope must be a map") }
        if let unknown = object.keys.first(where: { !["actions", "resources"].contains($0) }) {
            throw RoadsteadError(.invalidInput, "scope.\(unknown) is not known; a scope has actions and resources")
        }
        actions = try Self.entries(object, "actions", Self.isAction)
        resources = try Self.entries(object, "resources", Self.isResource)
    }

    private static func entries(
        _ object: JSONObject, _ key: String, _ isValid: (String) -> Bool
    ) throws(RoadsteadError) -> Set<String>? {
        guard let value = object[key] else { return nil }
        guard let elements = value.arrayValue, (1...longest).contains(elements.count) else {
            throw RoadsteadError(
                .invalidInput, "scope.\(key) must be an array of 1 to \(longest) texts; leave it out to allow all")
        }
        var entries: Set<String> = []
        for element in elements {
            guard let text = element.stringValue, isValid(text) else {
                throw RoadsteadError(
                    .invalidInput,
                    "scope.\(key) holds \(element.text()); write "
                        + (key == "actions" ? "a verb or type/verb" : "a type or type/uuid"))
            }
            entries.insert(text)
        }
        return entries
    }

    private static func isAction(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count <= 2 && text.utf8.count <= 200 && parts.allSatisfy { isWord(String($0)) }
    }

    private static func isResource(_ text: String) -> Bool { isWord(text) || ResourceID(text) != nil }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }

    public var json: JSONValue {
        var object = JSONObject()
        object["actions"] = actions.map { JSONValue($0.sorted()) }
        object["resources"] = resources.map { JSONValue($0.sorted()) }
        return .object(object)
    }
}

extension KeyScope {
    /// Whether `verb` may be asked of a resource, or of a collection when `id` is nil. A collection of which single
    /// resources are in the scope may be listed, and what is listed is those (`identifiers`); adding needs the type itself.
    public func permits(_ verb: String, type: String, id: String?) -> Bool {
        guard actions.map({ $0.contains(verb) || $0.contains("\(type)/\(verb)") }) ?? true else { return false }
        guard let resources, !resources.contains(type) else { return true }
        if let id { return resources.contains(id) }
        return verb != "add" && !(identifiers(of: type) ?? []).isEmpty
    }

    /// The ids that listings of the type are kept to; nil when they are not.
    public func identifiers(of type: String) -> [String]? {
        guard let resources, !resources.contains(type) else { return nil }
        return resources.filter { $0.hasPrefix(type + "/") }.sorted()
    }

    /// Whether all that this scope permits is permitted by `other` too.
    public func isWithin(_ other: KeyScope) -> Bool {
        Self.isWithin(actions, other.actions) { entry, allowed in
            allowed.contains(entry) || entry.split(separator: "/").last.map { allowed.contains(String($0)) } ?? false
        }
            && Self.isWithin(resources, other.resources) { entry, allowed in
                allowed.contains(entry)
                    || entry.split(separator: "/").first.map { allowed.contains(String($0)) } ?? false
            }
    }

    private static func isWithin(
        _ entries: Set<String>?, _ allowed: Set<String>?, _ isCovered: (String, Set<String>) -> Bool
    ) -> Bool {
        guard let allowed else { return true }
        return entries?.allSatisfy { isCovered($0, allowed) } ?? false
    }
}
