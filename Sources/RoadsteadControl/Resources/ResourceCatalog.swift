import RoadsteadBasics
import RoadsteadModel

/// A read-only collection that is not stored: templates, and the descriptions of the types.
public struct FixedCollection: Sendable {
    public let type: ResourceType
    public let documents: [JSONObject]
}

/// All resource types of this server, by wire name, and the collections that are made from them.
public struct ResourceCatalog: Sendable {
    private let rules: [String: any ResourceRules]
    private let collections: [String: FixedCollection]

    /// `moment` is what the fixed collections' `created` says.
    public init(_ rules: [any ResourceRules], at moment: Instant) {
        self.rules = Dictionary(rules.map { ($0.type.name, $0) }, uniquingKeysWith: { $1 })
        var collections: [String: FixedCollection] = [:]
        for type in rules.map(\.type) {
            guard let collection = type.templateCollection else { continue }
            collections[collection.name] = FixedCollection(
                type: collection, documents: type.templates.map { $0.document(of: type.name, at: moment) })
        }
        let types = rules.map(\.type) + collections.values.map(\.type) + [.resourceMetadata]
        collections[ResourceType.resourceMetadata.name] = FixedCollection(
            type: .resourceMetadata,
            documents: types.sorted { $0.name < $1.name }.flatMap { ResourceMetadata.documents(of: $0, at: moment) })
        self.collections = collections
    }

    /// Names of all collections, for the cloud entry point.
    public var names: [String] { (Array(rules.keys) + Array(collections.keys)).sorted() }

    /// The types of all collections, by name.
    public var types: [ResourceType] {
        (rules.values.map(\.type) + collections.values.map(\.type)).sorted { $0.name < $1.name }
    }

    func rules(_ name: String) -> (any ResourceRules)? { rules[name] }

    func collection(_ name: String) -> FixedCollection? { collections[name] }

    /// The type of a collection, stored or fixed.
    public func type(_ name: String) -> ResourceType? { rules[name]?.type ?? collections[name]?.type }
}
