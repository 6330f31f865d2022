import RoadsteadBasics

/// Anti-affinity groups.
extension ExoscaleDriver {
    /// `create-anti-affinity-group`.
    func makePlacement(_ tag: CloudTag) async throws(CloudError) -> CloudResource {
        if let found = try await placements().having(tag).first { return found }
        let body: JSONObject = [
            "name": .string(tag.uniqueName(tag.name)), "description": .string(try ExoscaleLabels.description(tag)),
        ]
        let call = ExoscaleCall.make(
            "create-anti-affinity-group", "/anti-affinity-group", of: "placement '\(tag.name)'", body)
        let id = try await exoscale.made(call)
        return CloudResource(CloudReference(.placement, id), name: tag.name, tag: tag, state: .ready)
    }

    /// `get-anti-affinity-group`.
    func placement(_ id: String) async throws(CloudError) -> CloudResource? {
        guard let id = Self.checkedID(id) else { return nil }
        let call = ExoscaleCall.read("get-anti-affinity-group", "/anti-affinity-group/\(id)", of: "placement '\(id)'")
        return try await exoscale.find(call).flatMap(Self.placement)
    }

    /// `list-anti-affinity-groups`.
    func placements() async throws(CloudError) -> [CloudResource] {
        try await exoscale.list(
            .read("list-anti-affinity-groups", "/anti-affinity-group"), "anti-affinity-groups"
        ).compactMap(Self.placement)
    }

    /// `delete-anti-affinity-group`.
    func removePlacement(_ id: String) async throws(CloudError) {
        guard let id = Self.checkedID(id) else { return }
        try await exoscale.remove(
            .remove("delete-anti-affinity-group", "/anti-affinity-group/\(id)", of: "placement '\(id)'"))
    }

    private static func placement(_ item: JSONValue) -> CloudResource? {
        guard let id = item["id"]?.stringValue else { return nil }
        let tag = ExoscaleLabels.tag(descriptionOf: item)
        return CloudResource(
            CloudReference(.placement, id), name: tag?.name ?? item["name"]?.stringValue ?? id, tag: tag, state: .ready)
    }
}
