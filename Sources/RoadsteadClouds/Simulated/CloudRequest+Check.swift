extension CloudRequest {
    var rules: [FirewallRule] { if case .firewall(let firewall) = self { firewall.rules } else { [] } }

    /// Throws `invalidRequest`, which names the value that a simulated cloud does not take, or `unsupported`.
    func check(
        against settings: SimulatedSettings, has: (CloudReference) -> Bool
    ) throws(CloudError) {
        if let feature = kind.feature, !settings.features.contains(feature) {
            throw CloudError(.unsupported, "this simulated cloud has no \(kind.rawValue)")
        }
        switch self {
        case .key, .placement: break
        case .network(let network):
            try Self.require(network.range.contains("/"), "network range '\(network.range)' is not a CIDR")
        case .firewall(let firewall):
            if let network = firewall.network {
                try Self.require(has(CloudReference(.network, network)), "there is no network '\(network)'")
            }
        case .machine(let machine): try machine.check(against: settings.catalog, has: has)
        }
    }

    fileprivate static func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(CloudError) {
        guard condition else { throw CloudError(.invalidRequest, message()) }
    }
}

extension MachineRequest {
    fileprivate func check(against catalog: CloudCatalog, has: (CloudReference) -> Bool) throws(CloudError) {
        try CloudRequest.require(
            catalog.sizes.contains { [$0.id, $0.name].contains(size) }, "there is no size '\(size)'")
        try CloudRequest.require(
            catalog.images.contains { [$0.id, $0.name].contains(image) }, "there is no image '\(image)'")
        if let zone { try CloudRequest.require(catalog.zones.contains(zone), "there is no zone '\(zone)'") }
        let parts =
            firewalls.map { CloudReference(.firewall, $0) }
            + [(CloudKind.key, key), (.network, network), (.placement, placement)]
            .compactMap { kind, id in id.map { CloudReference(kind, $0) } }
        for part in parts { try CloudRequest.require(has(part), "there is no \(part.kind.rawValue) '\(part.id)'") }
    }
}

extension CloudKind {
    /// What a cloud must have for things of this kind; machines every cloud has.
    public var feature: CloudFeature? {
        switch self {
        case .network: .network
        case .firewall: .firewall
        case .key: .key
        case .placement: .placement
        case .machine: nil
        }
    }
}
