import RoadsteadBasics

/// Which attributes of a document a caller sees and changes, by the rights that it has.
public enum AttributeVisibility {
    /// What somebody with `view-meta` alone sees, and with `edit-meta` alone changes.
    public static let meta: Set<String> = [
        "id", "resource-type", "created", "updated", "name", "description", "tags", "subtype", "parent",
        "resource-metadata", "operations",
    ]

    /// nil when the rights allow no look at all.
    public static func visible(_ document: JSONObject, rights: Set<AccessRight>) -> JSONObject? {
        if rights.contains(.viewACL) { return document }
        if rights.contains(.viewData) { return document.filter { $0.key != "acl" } }
        if rights.contains(.viewMeta) { return document.filter { meta.contains($0.key) } }
        return nil
    }

    /// Whether an edit may touch the attribute; keys that it may not are left out in silence, as the dialect has it.
    public static func isEditable(_ key: String, rights: Set<AccessRight>) -> Bool {
        if rights.contains(.editACL) { return true }
        if rights.contains(.editData) { return key != "acl" }
        return rights.contains(.editMeta) && meta.contains(key)
    }

    public static func mayEdit(_ rights: Set<AccessRight>) -> Bool {
        !rights.isDisjoint(with: [.editACL, .editData, .editMeta])
    }
}
