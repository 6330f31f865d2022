/// One attribute of a resource: its wire name, its values, and how it is treated.
public struct Attribute: Sendable {
    /// How an attribute is treated, apart from the values that it takes.
    public struct Traits: OptionSet, Sendable {
        public let rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let required = Traits(rawValue: 1)
        /// Sealed in the store and never part of an answer but for its owner.
        public static let secret = Traits(rawValue: 2)
        /// Kept by the server for itself: never part of an answer, never taken from a request.
        public static let hidden = Traits(rawValue: 4)
        /// Set once; what an edit says about it is left out in silence, as the dialect has it.
        public static let fixed = Traits(rawValue: 8)
        /// Written by the server alone; requests that carry it are tolerated and the value is left out.
        public static let managed = Traits(rawValue: 16)
        /// Required of the stored document, and filled in by the server where a request does not give it.
        public static let defaulted = Traits(rawValue: 32)
    }

    public let name: String
    public let kind: AttributeKind
    public let traits: Traits
    /// A sentence for people: part of openapi.json and of `resource-metadata`.
    public let description: String?
    /// What `resource-metadata` calls its values, where the kind does not say it: `geo-point`, `geo-shape`.
    public let metadataType: String?

    public init(
        _ name: String, _ kind: AttributeKind, _ traits: Traits = [], description: String? = nil,
        metadataType: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.traits = traits
        self.description = description
        self.metadataType = metadataType
    }
}
