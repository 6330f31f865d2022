import RoadsteadBasics
import RoadsteadClient

/// Finds what is shared, and with whom.
struct ShareTarget: Sendable {
    let client: APIClient

    /// An id of any type, or the name of a cluster, an infrastructure service, a credential, an application or a
    /// deployment. Throws conflict when several are named so.
    func resource(_ text: String) async throws(RoadsteadError) -> JSONObject {
        if let id = ResourceID(text) { return try await client.get(id) }
        var found: [ResourceID] = []
        var registered: [ResourceID] = []
        for lookup in [
            ResourceLookup.clusters(client), .infrastructure(client), .credentials(client), .applications(client),
            .deployments(client),
        ] {
            guard let document = try await lookup.findIfKnown(text) else { continue }
            // A service and its credential are often made under one name: the name means the service. A cluster is
            // registered under its own.
            if let parent = ResourceID(document.text("parent")), found.contains(parent) { continue }
            if let id = document.id, registered.contains(id) { continue }
            registered += ["infrastructure-service", "infrastructure-credential"].compactMap {
                ResourceID(document.text($0))
            }
            found.append(try document.requireID())
        }
        guard let id = found.first else {
            throw RoadsteadError(
                .notFound,
                "nothing is named '\(text)': give the name of a cluster, infrastructure service, "
                    + "credential, application or deployment, or an id (type/uuid)")
        }
        guard found.count == 1 else {
            let ids = found.map(\.description).joined(separator: "\n  ")
            throw RoadsteadError(.conflict, "several things are named '\(text)'; give the id of the one:\n  \(ids)")
        }
        return try await client.get(id)
    }

    /// An id as it is; else the group or the user of that name. Throws conflict when there are both.
    func principal(_ text: String) async throws(RoadsteadError) -> String {
        if let id = ResourceID(text) { return id.description }
        let group = try await GroupLookup(client: client).find(text)
        let user = try await UserLookup(client: client).find(text)
        switch (group, user) {
        case (let group?, let user?):
            throw RoadsteadError(
                .conflict, "'\(text)' is a group and a user; say which one: \(group) or \(user)")
        case (let id?, nil), (nil, let id?): return id.description
        case (nil, nil):
            throw RoadsteadError(
                .notFound, "there is no group and no user '\(text)' that you can see; give an id (group/… or user/…)")
        }
    }
}
