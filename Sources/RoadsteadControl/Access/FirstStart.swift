import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Makes what a new store must have: the built-in groups, and the user `admin`.
public struct FirstStart: Sendable {
    public static let adminName = "admin"

    private let context: ControlContext

    public init(context: ControlContext) { self.context = context }

    /// What was done about the administrator.
    public enum Outcome: Sendable {
        case exists
        /// With the password that was given.
        case created
        /// With this password, which is not kept anywhere in clear: show it once.
        case generated(Redacted<String>)
    }

    /// Idempotent. A `password` that is given counts at the first start only.
    public func ensure(password: Redacted<String>?) async throws -> Outcome {
        // The group, which nobody can delete, and not the user: others may be administrators by now, and `admin` gone.
        guard let administrators = ResourceID(Principal.admin), try await context.store.find(administrators) == nil
        else { return .exists }
        let chosen = password ?? Redacted(generatedPassword())
        let account = NewAccount(
            method: "username-password", username: Self.adminName, password: chosen,
            wrapper: ["description": "The administrator of this server"])
        let draft = try await account.draft(in: context)
        let (user, groups) = try documents(draft)
        try await context.store.write { transaction in
            try transaction.insert(user)
            try draft.companions(user, transaction)
            for group in groups { try transaction.insert(group) }
        }
        return password == nil ? .generated(chosen) : .created
    }

    private func generatedPassword() -> String {
        // The policy wants four kinds of characters; the random part alone carries the strength (116 bits).
        "Rs-" + SecretToken.readable(20, context.ids) + "-7"
    }

    private func documents(_ draft: ResourceDraft) throws -> (user: JSONObject, groups: [JSONObject]) {
        let id = "user/" + (draft.identifier ?? context.ids.makeUUID())
        var user = draft.body
        user["id"] = .string(id)
        user["acl"] = (draft.access ?? AccessList(owners: [Principal.admin])).normalized().json
        let groups = Principal.builtInGroups.map { group($0, members: $0 == Principal.admin ? [id] : []) }
        return (user, groups)
    }

    private func group(_ id: String, members: [String]) -> JSONObject {
        let access = AccessList(
            owners: [Principal.admin], grants: [.viewMeta: [Principal.user]].merging([.viewData: Set(members)]) { $1 })
        return [
            "id": .string(id), "resource-type": "group", "name": .string(id), "users": JSONValue(members),
            "acl": access.normalized().json,
        ]
    }
}
