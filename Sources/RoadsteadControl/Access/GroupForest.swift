import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Groups with those below them, by name and then id: what `get-groups` answers.
struct GroupForest {
    private let children: [String: [JSONObject]]
    private let known: [JSONObject]

    init(_ groups: [JSONObject]) {
        known = groups.sorted { Self.key($0) < Self.key($1) }
        var children: [String: [JSONObject]] = [:]
        for group in known {
            guard let parent = Membership.parents(group).last else { continue }
            children[parent, default: []].append(group)
        }
        self.children = children
    }

    private static func key(_ group: JSONObject) -> (Int, String, String) {
        let name = group["name"]?.stringValue
        return (name == nil ? 1 : 0, name ?? "", group["id"]?.stringValue ?? "")
    }

    /// The trees of the groups in `roots`, one below another only once; nil takes the groups without parents.
    func json(roots: Set<String>?) -> JSONValue {
        let starts = known.filter { group in
            let parents = Membership.parents(group)
            guard let roots else { return parents.isEmpty }
            return roots.contains(group["id"]?.stringValue ?? "") && roots.isDisjoint(with: parents)
        }
        return .array(starts.map(tree))
    }

    private func tree(_ group: JSONObject) -> JSONValue {
        var shown = group.filter { ["id", "name", "description"].contains($0.key) }
        let below = children[group["id"]?.stringValue ?? ""] ?? []
        if !below.isEmpty { shown["children"] = .array(below.map(tree)) }
        return .object(shown)
    }
}

extension GroupForest {
    /// The groups that list the session's user, with all below them; all groups when an administrator asks.
    static func groups(of session: StoredDocument, in scope: RequestScope) async throws -> JSONValue {
        if scope.requester.isAdmin {
            let all = try await scope.store.query(DocumentQuery(type: "group")).documents
            return GroupForest(all.map(\.body)).json(roots: nil)
        }
        let user = session["user"]?.stringValue ?? ""
        let own = try await scope.store.query(DocumentQuery(type: "group", filter: .equal("users", .string(user))))
            .documents
        let ids = own.map(\.id.description)
        var all = own
        // A filter holds so many values at most.
        for start in stride(from: 0, to: ids.count, by: 1000) {
            let parents = Array(ids[start..<min(start + 1000, ids.count)])
            all += try await scope.store.query(DocumentQuery(type: "group", filter: .oneOf("parents", parents)))
                .documents
        }
        let bodies = Dictionary(all.map { ($0.id, $0.body) }, uniquingKeysWith: { first, _ in first })
        return GroupForest(Array(bodies.values)).json(roots: Set(ids))
    }
}
