import RoadsteadBasics
import RoadsteadModel

/// All resource types of this server, by wire name, and the in-memory collections of their templates.
public struct ResourceCatalog: Sendable {
    private let rules: [String: any ResourceRules]
    private let templates: [String: (type: ResourceType, documents: [JSONObject])]

    /// `moment` is what the templates' `created` says.
    public init(_ rules: [any ResourceRules], at moment: Instant) {
        self.rules = Dictionary(rules.map { ($0.type.name, $0) }, uniquingKeysWith: { $1 })
        var templates: [String: (type: ResourceType, documents: [JSONObject])] = [:]
        for type in rules.map(\.type) {
            guard let collection = type.templateCollection else { continue }
            templates[collection.name] = (collection, type.templates.map { $0.document(of: type.name, at: moment) })
        }
        self.templates = templates
    }

    /// Names of all collections, for the cloud entry point.
    public var names: [String] { (Array(rules.keys) + Array(templates.keys)).sorted() }

    func rules(_ name: String) -> (any ResourceRules)? { rules[name] }

    func templates(_ name: String) -> (type: ResourceType, documents: [JSONObject])? { templates[name] }
}
