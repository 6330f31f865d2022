import RoadsteadBasics
import RoadsteadModel

/// The directory of collections that clients read first: `GET /api/cloud-entry-point`.
public struct CloudEntryPoint: Sendable {
    private let names: [String]
    private let created: Instant

    public init(catalog: ResourceCatalog, created: Instant) {
        names = (catalog.names + ["cloud-entry-point"]).sorted()
        self.created = created
    }

    /// `base-uri` ends in `/`: clients put the rest behind it as it is.
    public func document(baseURI: String) -> JSONObject {
        let collections = names.map { ($0, JSONValue.object(["href": .string($0)])) }
        let access = AccessList(owners: [Principal.admin], grants: [.viewData: [Principal.anonymous]])
        return [
            "id": "cloud-entry-point", "resource-type": "cloud-entry-point", "created": .string(created.description),
            "updated": .string(created.description), "base-uri": .string(baseURI),
            "collections": .object(JSONObject(collections)), "acl": access.normalized().json,
        ]
    }
}
