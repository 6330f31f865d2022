import RoadsteadBasics

/// The answer to a query: `count` matches in all, of which `documents` are this page.
public struct CollectionPage: Sendable {
    public var count: Int
    public var documents: [JSONObject]

    init(_ object: JSONObject) {
        documents = object["resources"]?.arrayValue?.compactMap(\.objectValue) ?? []
        count = object["count"]?.integerValue.map(Int.init) ?? documents.count
    }
}
