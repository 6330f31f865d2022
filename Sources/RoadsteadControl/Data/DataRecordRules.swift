import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Data records: open to any attribute, `prefix:name` ones under registered prefixes, places on the earth.
struct DataRecordRules: ResourceRules {
    let type = ResourceType.dataRecord
    let isShownAsStored = true

    /// Owned by the administrators, fully editable by whoever made it.
    func defaultAccess(_ body: JSONObject, in scope: RequestScope) -> AccessList {
        AccessList(owners: [Principal.admin], grants: [.editACL: [scope.requester.activeClaim]])
    }

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        try await check(body, in: scope)
        return ResourceDraft(body)
    }

    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        // What stands there already stays good, even when its prefix has gone since.
        try await check(changes, in: scope)
        return ResourceEdit(document.filter { !removed.contains($0.key) }.merging(changes))
    }

    private func check(_ body: JSONObject, in scope: RequestScope) async throws {
        try await KeyPrefixes(store: scope.store).check(body, of: type.name)
        try GeometryRules.check(body)
    }
}

/// Records of checks: fixed once written, `prefix:name` attributes under registered prefixes.
struct EvidenceRecordRules: ResourceRules {
    let type = ResourceType.evidenceRecord
    let isShownAsStored = true

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        try await KeyPrefixes(store: scope.store).check(body, of: type.name)
        return ResourceDraft(body)
    }
}
