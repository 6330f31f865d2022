import RoadsteadBasics

extension ResourceType {
    /// Metadata about data. Any further attribute is taken; one named `prefix:name`, at whatever depth, needs its prefix
    /// registered.
    public static let dataRecord = ResourceType(
        "data-record", description: "Metadata about data, with attributes of one's own.",
        access: CollectionAccess(
            query: [Principal.user], add: [Principal.user], bulkDelete: [Principal.user], bulkAction: [Principal.user]),
        verbs: ResourceType.allButBulk.union([.bulkDelete]),
        attributes: [
            Attribute(
                "infrastructure-service", .resource(["infrastructure-service"]), .required,
                description: "The service near the data."),
            Attribute(
                "location", position, description: "Longitude, latitude and, if wanted, altitude.",
                metadataType: "geo-point"),
            Attribute("timestamp", .timestamp, description: "When the data was taken."),
            Attribute("bytes", .integer(0...Int64.max), description: "Its size."),
            Attribute("content-type", .text, description: "Its media type."),
            Attribute("md5sum", .text, description: "Its MD5 sum, in hexadecimal digits."),
            Attribute(
                "geometry", .map(geometry), description: "Where it lies, as GeoJSON.", metadataType: "geo-shape"),
            Attribute("mount", .map(mount), description: "How a container reaches it."),
        ], openness: .open, bulkActions: ResourceAction.tagActions)

    /// Longitude first, as in GeoJSON.
    static let position = AttributeKind.array(of: .number, minimum: 2, isDistinct: false)

    private static let geometry = Schema([
        Attribute("type", .oneOf(["Point", "Polygon", "MultiPolygon"]), .required),
        Attribute("coordinates", .array(of: .anything, minimum: 1, isDistinct: false), .required),
    ])

    private static let mount = Schema([
        Attribute("mount-type", .oneOf(["volume", "bind", "tmpfs"]), .required),
        Attribute("target", .text, .required), Attribute("source", .text), Attribute("read-only", .boolean),
        Attribute("volume-options", .dictionary(of: .string)),
    ])

    /// Registers a namespace for attributes of data records; its id is the prefix.
    public static let dataRecordKeyPrefix = ResourceType(
        "data-record-key-prefix", description: "A registered namespace for attributes of data records.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.admin]),
        attributes: [
            Attribute(
                "prefix", .token(rule: "lower-case letters, digits and inner dashes, a letter first", isPrefix),
                [.required, .fixed], description: "What stands before the colon."),
            Attribute("uri", .text, [.required, .fixed], description: "The URI that the namespace stands for."),
        ])

    /// Says what an attribute of data records means; its id is made from prefix and key.
    public static let dataRecordKey = ResourceType(
        "data-record-key", description: "What an attribute of data records means.",
        attributes: [
            Attribute(
                "prefix", .token(rule: "lower-case letters, digits and inner dashes, a letter first", isPrefix),
                [.required, .fixed], description: "A registered prefix."),
            Attribute(
                "key", .token(rule: "letters, digits and inner dashes or underscores, a letter first", isKey),
                [.required, .fixed], description: "What stands behind the colon."),
            Attribute("subtype", .text, .required, description: "What values it takes, such as string or integer."),
            Attribute("name", .text, .required, description: "A short name for people."),
            Attribute("description", .text, .required, description: "What the attribute means."),
        ])

    /// Saved filters that join data and applications. The server stores them and never runs them.
    public static let dataSet = ResourceType(
        "data-set", description: "Saved filters that join data and applications.",
        attributes: [
            Attribute("module-filter", .text, description: "Which applications can work on it."),
            Attribute("data-object-filter", .text, description: "Which data objects belong to it."),
            Attribute("data-record-filter", .text, description: "Which data records belong to it."),
        ])

    private static func isPrefix(_ text: String) -> Bool {
        isWord(text, inner: "-") && text.utf8.allSatisfy { !(65...90).contains($0) }
    }

    private static func isKey(_ text: String) -> Bool { isWord(text, inner: "-_") }

    /// ASCII letters and digits, a letter first, and `inner` characters anywhere between.
    private static func isWord(_ text: String, inner: String) -> Bool {
        let isPlain = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber) }
        guard text.utf8.count <= 100, let first = text.first, let last = text.last, first.isASCII, first.isLetter,
            isPlain(last)
        else { return false }
        return text.allSatisfy { isPlain($0) || inner.contains($0) }
    }
}
