import RoadsteadBasics

/// Private networks, with Exoscale's DHCP server in them.
extension ExoscaleDriver {
    /// `create-private-network`.
    func makeNetwork(_ request: NetworkRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource {
        if let found = try await networks().having(tag).first { return found }
        guard let range = ExoscaleRange(request.range) else {
            throw CloudError(
                .invalidRequest,
                "'\(request.range)' is no range for a network at Exoscale: from /16 to /28, as in 10.0.0.0/24")
        }
        let body: JSONObject = [
            "name": .string(String(tag.name.prefix(255))), "labels": ExoscaleLabels.labels(tag),
            "netmask": .string(range.mask), "start-ip": .string(range.dynamic.first),
            "end-ip": .string(range.dynamic.last),
        ]
        let id = try await exoscale.made(
            .make("create-private-network", "/private-network", of: "network '\(tag.name)'", body))
        return CloudResource(CloudReference(.network, id), name: tag.name, tag: tag, state: .ready)
    }

    func network(_ id: String) async throws(CloudError) -> CloudResource? {
        try await privateNetwork(id).flatMap(Self.network)
    }

    /// `get-private-network`, which tells leases.
    func privateNetwork(_ id: String) async throws(CloudError) -> JSONValue? {
        guard let id = Self.checkedID(id) else { return nil }
        return try await exoscale.find(.read("get-private-network", "/private-network/\(id)", of: "network '\(id)'"))
    }

    /// `list-private-networks`.
    func networks() async throws(CloudError) -> [CloudResource] {
        try await exoscale.list(.read("list-private-networks", "/private-network"), "private-networks")
            .compactMap(Self.network)
    }

    private static func network(_ item: JSONValue) -> CloudResource? {
        guard let id = item["id"]?.stringValue else { return nil }
        return CloudResource(
            CloudReference(.network, id), name: item["name"]?.stringValue ?? id,
            tag: ExoscaleLabels.tag(labelsOf: item), state: .ready)
    }

    /// `delete-private-network`, when no machine of the zone is in it.
    func removeNetwork(_ id: String) async throws(CloudError) {
        guard let id = Self.checkedID(id) else { return }
        if let user = try await user(of: "private-networks", id) {
            throw CloudError(.inUse, "machine '\(user)' is still in network '\(id)'")
        }
        try await exoscale.remove(.remove("delete-private-network", "/private-network/\(id)", of: "network '\(id)'"))
    }

    /// `attach-instance-to-private-network`, with an address of its own, so that it is known and stays.
    func attach(_ instance: String, to network: String, of tag: CloudTag) async throws(CloudError) {
        try await addressing.alone(network) { () throws(CloudError) in
            try await attachAlone(instance, network, tag)
        }
    }

    private func attachAlone(_ instance: String, _ network: String, _ tag: CloudTag) async throws(CloudError) {
        guard let item = try await privateNetwork(network) else {
            throw CloudError(.invalidRequest, "Exoscale has no private network '\(network)' in zone \(zone)")
        }
        var body: JSONObject = ["instance": ["id": .string(instance)]]
        let leases = Self.leases(item)
        if leases[instance] != nil { return }
        // None: somebody made the network without a DHCP server, and sees to addresses in another way.
        if let range = ExoscaleRange(item) {
            guard let free = range.firstFree(besides: Set(leases.values)) else {
                throw CloudError(.quotaExceeded, "network '\(network)' has no free address for machine '\(tag.name)'")
            }
            body["ip"] = .string(free)
        }
        try await exoscale.order(
            .change(
                "attach-instance-to-private-network", "/private-network/\(network):attach",
                of: "machine '\(tag.name)' to network '\(network)'", body))
    }

    /// The address of each instance in a network.
    static func leases(_ item: JSONValue) -> [String: String] {
        let pairs = (item["leases"]?.arrayValue ?? []).compactMap { lease -> (String, String)? in
            guard let id = lease["instance-id"]?.stringValue, let address = lease["ip"]?.stringValue else { return nil }
            return (id, address)
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
