import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension RequestScope {
    /// What the one who asks is called; nil for a stranger and for a user that is gone.
    public func userName() async throws -> String? {
        guard let id = requester.userID.flatMap({ ResourceID($0) }) else { return nil }
        return try await store.find(id)?["name"]?.stringValue
    }
}
