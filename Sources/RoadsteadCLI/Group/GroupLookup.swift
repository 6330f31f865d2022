import RoadsteadBasics
import RoadsteadClient

/// Finds the group that a person names by identifier (`ops`), id (`group/ops`) or shown name.
struct GroupLookup: Sendable {
    let client: APIClient

    /// nil when there is none. A group that the caller may not see counts when it is named by its identifier.
    func find(_ text: String) async throws(RoadsteadError) -> ResourceID? {
        let id = ResourceID(text) ?? ResourceID("group/" + text)
        if let id, id.type == "group", try await exists(id) { return id }
        let lookup = ResourceLookup(client: client, type: "group", noun: "group")
        return try await lookup.find(text)?.requireID()
    }

    /// Throws notFound that says how to see what there is.
    func get(_ text: String) async throws(RoadsteadError) -> ResourceID {
        if let id = try await find(text) { return id }
        throw RoadsteadError(.notFound, "there is no group '\(text)'; see `roadstead group ls`")
    }

    private func exists(_ id: ResourceID) async throws(RoadsteadError) -> Bool {
        do {
            _ = try await client.get(id, select: ["id"])
            return true
        } catch {
            switch error.code {
            case .notFound: return false
            case .forbidden: return true
            default: throw error
            }
        }
    }
}
