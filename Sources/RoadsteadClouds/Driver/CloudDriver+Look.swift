extension CloudDriver {
    /// By the catalogue, whose lists leave everything open where they are empty.
    public func look(for machine: MachineRequest, in zones: [String]) async throws(CloudError) {
        let catalog = try await catalog()
        try require(machine.size, "size", among: catalog.sizes.flatMap { [$0.name, $0.id] })
        try require(machine.image, "image", among: catalog.images.flatMap { [$0.name, $0.id] })
        for zone in zones { try require(zone, "zone", among: catalog.zones) }
    }

    private func require(_ word: String, _ what: String, among names: [String]) throws(CloudError) {
        guard !names.isEmpty, !names.contains(word) else { return }
        var seen: Set<String> = []
        throw .unknown(
            word, "driver \(name) has no \(what) '\(word)'", among: names.filter { seen.insert($0).inserted })
    }

    /// The same, asked again within `patience` whenever the failure may pass.
    public func look(
        for machine: MachineRequest, in zones: [String], patience: CloudPatience
    ) async throws(CloudError) {
        var attempts = CloudAttempts(patience)
        while true {
            do { return try await look(for: machine, in: zones) } catch { try await attempts.failed(error) }
        }
    }
}
