import RoadsteadBasics
import RoadsteadModel

/// A module's `versions`: the version's number is its index, and a deleted one leaves a hole, so that numbers never shift.
struct ModuleVersions {
    private var entries: [JSONValue]

    init(_ entries: [JSONValue]) { self.entries = entries }

    init(document: JSONObject) { self.init(document["versions"]?.arrayValue ?? []) }

    var json: JSONValue { .array(entries) }

    var isAnyPublished: Bool { entries.contains { $0["published"] == true } }

    var hrefs: [ResourceID] { entries.compactMap { $0["href"]?.stringValue.flatMap { ResourceID($0) } } }

    /// The number of the last version that is there.
    var last: Int? { entries.lastIndex { !$0.isNull } }

    /// Where the version's content is; nil for one that was deleted or never was.
    func href(at index: Int) -> ResourceID? {
        guard entries.indices.contains(index) else { return nil }
        return entries[index]["href"]?.stringValue.flatMap { ResourceID($0) }
    }

    func appending(_ content: JSONObject?) -> ModuleVersions {
        guard let content else { return self }
        var entry: JSONObject = ["href": content["id"] ?? .null]
        for name in ["author", "commit"] { entry[name] = content[name] }
        return ModuleVersions(entries + [.object(entry)])
    }

    /// `module/<uuid>_3` is version 3 of `module/<uuid>`.
    static func split(_ id: ResourceID) -> (module: ResourceID, version: Int?) {
        guard let mark = id.identifier.lastIndex(of: "_"),
            let version = Int(id.identifier[id.identifier.index(after: mark)...])
        else { return (id, nil) }
        return (ResourceID(type: id.type, identifier: String(id.identifier[..<mark])), version)
    }

    /// The index of the addressed version, or of the last one that is there.
    func index(of id: ResourceID) throws(RoadsteadError) -> Int? {
        guard let version = Self.split(id).version else { return last }
        guard entries.indices.contains(version), !entries[version].isNull else {
            throw RoadsteadError(
                .notFound, "\(id) not found: there is no version \(version)", context: ["resource-id": id.description])
        }
        return version
    }

    func content(of id: ResourceID) throws(RoadsteadError) -> ResourceID? {
        try index(of: id).flatMap { href(at: $0) }
    }

    /// Publishes, unpublishes or takes out the addressed version; returns the content that has to go.
    mutating func apply(_ action: String, to id: ResourceID) throws(RoadsteadError) -> ResourceID? {
        guard let index = try index(of: id), var entry = entries[index].objectValue else { return nil }
        guard action != "delete-version" else {
            entries[index] = .null
            return entry["href"]?.stringValue.flatMap { ResourceID($0) }
        }
        entry["published"] = .bool(action == "publish")
        entries[index] = .object(entry)
        return nil
    }
}
