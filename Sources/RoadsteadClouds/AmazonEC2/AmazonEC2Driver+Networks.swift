import HTTPCalls

/// A network is a VPC with an internet gateway, a route to it, and a subnet in each of the first four zones.
extension AmazonEC2Driver {
    /// `CreateVpc` and its parts. Called again, it makes what is missing.
    func makeNetwork(_ request: NetworkRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource {
        guard let range = IPv4Range(request.range), (16...28).contains(range.prefix) else {
            throw CloudError(
                .invalidRequest,
                "'\(request.range)' is no range for a network at EC2: from /16 to /28, as in 10.0.0.0/24")
        }
        var found = try await networks { $0.having(tag) }.first
        if found == nil { found = try await createNetwork(range, tag) }
        guard let network = found else {
            throw CloudError(.outcomeUnknown, "EC2 answered CreateVpc without a VPC")
        }
        let id = network.reference.id
        let gateway = try await ensureGateway(of: id, tag)
        try await ensureRoute(of: id, to: gateway)
        try await ensureSubnets(of: id, range, tag)
        return network
    }

    private func createNetwork(_ range: IPv4Range, _ tag: CloudTag) async throws(CloudError) -> CloudResource? {
        let query = EC2Query("CreateVpc").with("CidrBlock", range.description).tagged(tag, "vpc")
        let vpc = try await ec2.send(query)["vpc"]
        if let id = vpc?.text("vpcId") { ec2.made(id) }
        return vpc.flatMap(Self.network)
    }

    /// `CreateInternetGateway`, `AttachInternetGateway`. One that a crash left alone is taken.
    private func ensureGateway(of vpc: String, _ tag: CloudTag) async throws(CloudError) -> String {
        let gateways = try await gateways(of: vpc, tag)
        if let attached = gateways.first(where: \.isAttached) { return attached.id }
        var loose = gateways.first?.id
        if loose == nil {
            let query = EC2Query("CreateInternetGateway").tagged(tag, "internet-gateway")
            loose = try await ec2.send(query)["internetGateway"]?.text("internetGatewayId")
        }
        guard let id = loose else {
            throw CloudError(.outcomeUnknown, "EC2 answered CreateInternetGateway without a gateway")
        }
        ec2.made(id)
        let query = EC2Query("AttachInternetGateway").with("InternetGatewayId", id).with("VpcId", vpc)
        try await ec2.send(query, excusing: ["Resource.AlreadyAssociated"])
        return id
    }

    /// Those with this tag that are attached to the VPC, or to nothing.
    private func gateways(of vpc: String, _ tag: CloudTag) async throws(CloudError) -> [(id: String, isAttached: Bool)]
    {
        let query = EC2Query("DescribeInternetGateways").having(tag)
        return try await ec2.items(query, in: "internetGatewaySet").compactMap { item in
            guard let id = item.text("internetGatewayId") else { return nil }
            let networks = item["attachmentSet"]?.all("item").compactMap { $0.text("vpcId") } ?? []
            return networks.isEmpty || networks.contains(vpc) ? (id, !networks.isEmpty) : nil
        }
    }

    /// `CreateRoute` in the main table.
    private func ensureRoute(of vpc: String, to gateway: String) async throws(CloudError) {
        let query = EC2Query("DescribeRouteTables").filter("vpc-id", vpc).filter("association.main", "true")
        guard let table = try await ec2.items(query, in: "routeTableSet").first?.text("routeTableId") else {
            throw CloudError(.unavailable, "EC2 does not show the route table of '\(vpc)' yet")
        }
        let route = EC2Query("CreateRoute").with("RouteTableId", table).with("DestinationCidrBlock", "0.0.0.0/0")
            .with("GatewayId", gateway)
        try await ec2.send(route, excusing: ["RouteAlreadyExists"])
    }

    /// `CreateSubnet`, and public addresses for what is made in it (`ModifySubnetAttribute`).
    private func ensureSubnets(of vpc: String, _ range: IPv4Range, _ tag: CloudTag) async throws(CloudError) {
        var subnets = try await subnets(of: vpc)
        for (zone, part) in zip(try await zones(), range.parts) where !subnets.contains(where: { $0.zone == zone }) {
            let query = EC2Query("CreateSubnet").with("VpcId", vpc).with("CidrBlock", part.description)
                .with("AvailabilityZone", zone).tagged(tag, "subnet")
            guard let made = try await ec2.send(query)["subnet"].flatMap(Subnet.init) else {
                throw CloudError(.outcomeUnknown, "EC2 answered CreateSubnet without a subnet")
            }
            ec2.made(made.id)
            subnets.append(made)
        }
        for subnet in subnets where !subnet.isPublic {
            try await ec2.send(
                EC2Query("ModifySubnetAttribute").with("SubnetId", subnet.id).with("MapPublicIpOnLaunch.Value", "true"))
        }
    }

    private struct Subnet {
        let id: String
        let zone: String
        let room: Int
        let isPublic: Bool

        init?(_ item: XMLElement) {
            guard let id = item.text("subnetId"), let zone = item.text("availabilityZone") else { return nil }
            (self.id, self.zone) = (id, zone)
            room = item.text("availableIpAddressCount").flatMap { Int($0) } ?? 0
            isPublic = item.text("mapPublicIpOnLaunch") == "true"
        }
    }

    private func subnets(of vpc: String) async throws(CloudError) -> [Subnet] {
        try await ec2.items(EC2Query("DescribeSubnets").filter("vpc-id", vpc), in: "subnetSet")
            .compactMap(Subnet.init)
    }

    /// The network's subnet in the zone, or without one the emptiest; nil without a network.
    func subnet(of network: String?, zone: String?) async throws(CloudError) -> String? {
        guard let network else { return nil }
        let subnets = try await subnets(of: network)
        let chosen = subnets.filter { zone == nil || $0.zone == zone }.max { $0.room < $1.room }
        guard let chosen else {
            let zones = subnets.map(\.zone).sorted().joined(separator: ", ")
            throw CloudError(
                .invalidRequest, "network '\(network)' has no part in zone '\(zone ?? "any")'; it is in: \(zones)")
        }
        return chosen.id
    }

    func network(_ id: String) async throws(CloudError) -> CloudResource? {
        try await vpc(id).flatMap(Self.network)
    }

    private func vpc(_ id: String) async throws(CloudError) -> XMLElement? {
        let codes: Set = ["InvalidVpcID.NotFound", "InvalidVpcID.Malformed"]
        return try await ec2.whole(EC2Query("DescribeVpcs").list("VpcId", [id]), in: "vpcSet", excusing: codes).first
    }

    func networks(_ choose: (EC2Query) -> EC2Query) async throws(CloudError) -> [CloudResource] {
        try await ec2.items(choose(EC2Query("DescribeVpcs")), in: "vpcSet").compactMap(Self.network)
    }

    private static func network(_ item: XMLElement) -> CloudResource? {
        guard let id = item.text("vpcId") else { return nil }
        return CloudResource(
            CloudReference(.network, id), name: EC2Labels.value("Name", item) ?? id, tag: EC2Labels.tag(item),
            state: item.text("state") == "available" ? .ready : .pending)
    }

    /// The VPC last, so that a removal that was cut short is found again and finished. Throws `forbidden` for a VPC that
    /// Roadstead did not make.
    func removeNetwork(_ id: String) async throws(CloudError) {
        guard let network = try await network(id) else { return }
        guard let tag = network.tag else {
            throw CloudError(.forbidden, "network '\(id)' was not made by Roadstead; it is left as it is")
        }
        guard try await machines({ $0.filter("vpc-id", id) }).isEmpty else {
            throw CloudError(.inUse, "machines are still in network '\(id)'")
        }
        for gateway in try await gateways(of: id, tag) {
            if gateway.isAttached {
                let query = EC2Query("DetachInternetGateway").with("InternetGatewayId", gateway.id).with("VpcId", id)
                try await ec2.send(query, excusing: ["Gateway.NotAttached"])
            }
            try await ec2.send(
                EC2Query("DeleteInternetGateway").with("InternetGatewayId", gateway.id),
                excusing: ["InvalidInternetGatewayID.NotFound"])
        }
        for subnet in try await subnets(of: id) {
            try await ec2.send(
                EC2Query("DeleteSubnet").with("SubnetId", subnet.id), excusing: ["InvalidSubnetID.NotFound"])
        }
        try await ec2.send(EC2Query("DeleteVpc").with("VpcId", id), excusing: ["InvalidVpcID.NotFound"])
    }
}
