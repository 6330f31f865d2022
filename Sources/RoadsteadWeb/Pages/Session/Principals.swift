import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// A person or a group that something can be shared with.
struct KnownPrincipal: Sendable {
    let id: String
    let name: String

    static func name(_ id: String, _ known: [KnownPrincipal]) -> String { known.first { $0.id == id }?.name ?? id }
}

/// Those whom the caller can see: groups, and the people of its groups.
enum Principals {
    private static let most = 500

    static func known(in call: PageCall) async throws -> [KnownPrincipal] {
        let groups = try await call.resources.query(
            "group", QueryParameters(last: most, select: ["id", "name"], orderBy: [.init("name")]), in: call.scope)
        let people = try await peers(in: call)
        let named = groups.resources.compactMap { group in
            group["id"]?.stringValue.map { KnownPrincipal(id: $0, name: group["name"]?.stringValue ?? $0) }
        }
        return named + people
    }

    private static func peers(in call: PageCall) async throws -> [KnownPrincipal] {
        guard let session = call.scope.requester.session.flatMap({ ResourceID($0) }) else { return [] }
        let answer = try await call.resources.perform("get-peers", on: session, in: call.scope)
        guard case .value(let value) = answer.content, let peers = value.objectValue else { return [] }
        return peers.members.prefix(most).compactMap { id, name in
            name.stringValue.map { KnownPrincipal(id: id, name: $0) }
        }
    }

    /// By an id or a name; throws `notFound` and, when several have the name, `conflict`.
    static func find(_ text: String, in call: PageCall) async throws -> String {
        if let id = ResourceID(text), ["user", "group"].contains(id.type) { return id.description }
        let named = try await known(in: call).filter { $0.name == text }
        guard let first = named.first else {
            throw RoadsteadError(
                .notFound,
                "there is no person and no group '\(text.prefix(100))' that you can see; choose from the list, or give an id (user/… or group/…)"
            )
        }
        guard named.count == 1 else {
            throw RoadsteadError(
                .conflict, "several are called '\(text)'; give the id: " + named.map(\.id).joined(separator: ", "))
        }
        return first.id
    }
}

/// Gives and takes rights on a document.
enum Sharing {
    static func set(_ right: ShareRight?, for principal: String, on id: ResourceID, in call: PageCall) async throws {
        var list = try ShareList(try await call.resources.get(id, in: call.scope))
        try list.set(right, for: principal)
        let edited = try await call.resources.edit(id, ["acl": .object(list.json)], in: call.scope)
        // What one may not set is left out in silence by the dialect.
        let held = try ShareList(edited).rows.first { $0["id"]?.stringValue == principal }
        guard held?["right"]?.stringValue == right?.rawValue else {
            throw RoadsteadError(.forbidden, "you may not share \(id)")
        }
    }
}
