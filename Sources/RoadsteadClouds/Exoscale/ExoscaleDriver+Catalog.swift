import RoadsteadBasics

extension ExoscaleDriver {
    /// `list-zones`, `list-instance-types`, `list-templates`: of the one zone.
    public func catalog() async throws(CloudError) -> CloudCatalog {
        try await checkZone()
        let sizes = try await sizes().map {
            CloudCatalog.Size(id: $0.id, name: $0.name, cores: $0.cores, memory: $0.memory)
        }
        return CloudCatalog(zones: [zone], sizes: sizes, images: try await images())
    }

    private func checkZone() async throws(CloudError) {
        let zones = try await zones()
        guard !zones.contains(zone) else { return }
        throw .unknown(zone, "Exoscale has no zone '\(zone)'", among: zones)
    }

    /// A cluster is in the driver's one zone.
    public func look(for machine: MachineRequest, in zones: [String]) async throws(CloudError) {
        try await checkZone()
        for zone in zones + [zone] {
            var machine = machine
            machine.zone = zone
            try check(machine)
        }
        _ = (try await size(machine.size), try await template(machine.image))
    }

    /// Asked without a signature, which Exoscale's own library leaves out too: the list is public, and a role that may not
    /// call `list-zones` would be refused it.
    private func zones() async throws(CloudError) -> [String] {
        var call = ExoscaleCall.read("list-zones", "/zone")
        call.isSigned = false
        do { return try await exoscale.list(call, "zones").compactMap { $0["name"]?.stringValue }.sorted() } catch {
            guard error.code == .notFound else { throw error }
            throw CloudError(.invalidRequest, "'\(zone)' is no zone of Exoscale's, as ch-gva-2; see exoscale.com")
        }
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
        throw .unknown(
            text, "Exoscale has no size '\(text)' in zone \(zone) that the organization may use",
            among: sizes.map(\.name))
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
        throw .unknown(
            text, "Exoscale has no public template '\(text)' in zone \(zone)",
            among: Set(templates.map(\.name)).sorted())
    }
}
