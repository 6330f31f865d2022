import RoadsteadBasics

extension ExoscaleDriver {
    /// `list-zones`, `list-instance-types`, `list-templates`: of the one zone.
    public func catalog() async throws(CloudError) -> CloudCatalog {
        let zones = try await zones()
        guard zones.contains(zone) else {
            let known = zones.joined(separator: ", ")
            throw CloudError(.invalidRequest, "Exoscale has no zone '\(zone)'; there are: \(known)")
        }
        let sizes = try await sizes().map {
            CloudCatalog.Size(id: $0.id, name: $0.name, cores: $0.cores, memory: $0.memory)
        }
        return CloudCatalog(zones: [zone], sizes: sizes, images: try await images())
    }

    /// Asked without a signature, which Exoscale's own library leaves out too: the list is public, and a role that may not
    /// call `list-zones` would be refused it.
    private func zones() async throws(CloudError) -> [String] {
        var call = ExoscaleCall.read("list-zones", "/zone")
        call.isSigned = false
        return try await exoscale.list(call, "zones").compactMap { $0["name"]?.stringValue }.sorted()
    }

    /// Of the zone, the smallest first.
    private func sizes() async throws(CloudError) -> [ExoscaleSize] {
        let items = try await exoscale.list(.read("list-instance-types", "/instance-type"), "instance-types")
        return items.filter { item in
            item["zones"]?.arrayValue?.contains { $0.stringValue == zone } ?? true
        }.compactMap(ExoscaleSize.init).sorted { ($0.family, $0.memory, $0.size) < ($1.family, $1.memory, $1.size) }
    }

    func size(_ text: String) async throws(CloudError) -> ExoscaleSize {
        let sizes = try await sizes()
        if let size = sizes.first(where: { $0.isMeant(by: text) }) { return size }
        throw CloudError(
            .invalidRequest,
            "Exoscale has no size '\(text)' in zone \(zone) that the organization may use; "
                + "there are: \(Self.some(sizes.map(\.name)))")
    }

    /// The newest of each name.
    private func images() async throws(CloudError) -> [CloudCatalog.Image] {
        let templates = try await templates()
        return Set(templates.map(\.name)).sorted().compactMap { name in
            templates.newest(name).map { CloudCatalog.Image(id: $0.id, name: name, user: $0.user) }
        }
    }

    /// Those that Exoscale offers to all.
    private func templates() async throws(CloudError) -> [ExoscaleTemplate] {
        let call = ExoscaleCall.read("list-templates", "/template", query: [("visibility", "public")])
        return try await exoscale.list(call, "templates").compactMap(ExoscaleTemplate.init)
    }

    /// The newest public one of the name; or any that the organization may use, by its id (`get-template`).
    func template(_ text: String) async throws(CloudError) -> ExoscaleTemplate {
        if let id = Self.checkedID(text) {
            let call = ExoscaleCall.read("get-template", "/template/\(id)", of: "image '\(id)'")
            if let found = try await exoscale.find(call).flatMap(ExoscaleTemplate.init) { return found }
            throw CloudError(
                .invalidRequest,
                "Exoscale has no template '\(text)' in zone \(zone) that can be entered with an SSH key")
        }
        let templates = try await templates()
        if let found = templates.newest(text) { return found }
        throw CloudError(
            .invalidRequest,
            "Exoscale has no public template '\(text)' in zone \(zone); "
                + "there are: \(Self.some(Set(templates.map(\.name)).sorted()))")
    }

    /// As many as people read.
    private static func some(_ names: [String]) -> String {
        names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }
}
