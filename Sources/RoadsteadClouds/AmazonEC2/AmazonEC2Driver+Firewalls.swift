import HTTPCalls

/// Security groups.
extension AmazonEC2Driver {
    /// `CreateSecurityGroup` and its rules. The name is made of the tag, so that EC2 refuses a second one.
    func makeFirewall(_ request: FirewallRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource {
        var found = try await firewalls { $0.having(tag) }.first
        if found == nil { found = try await createGroup(request, tag) }
        guard var firewall = found else {
            throw CloudError(.unavailable, "EC2 has a security group of this name, but does not show it yet")
        }
        // A group without its rules is what a crash between the two calls leaves.
        try await setRules(request.rules, firewall: firewall.reference)
        firewall.rules = Set(request.rules)
        return firewall
    }

    /// nil when there is one of this name that the tag did not find.
    private func createGroup(_ request: FirewallRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource? {
        let query = EC2Query("CreateSecurityGroup").with("GroupName", EC2Labels.uniqueName(tag))
            .with("GroupDescription", EC2Labels.plain("Roadstead: \(tag.name)")).with("VpcId", request.network)
            .tagged(tag, "security-group")
        guard let root = try await ec2.send(query, excusing: ["InvalidGroup.Duplicate"]) else {
            return try await firewalls { $0.having(tag) }.first
        }
        guard let id = root.text("groupId") else {
            throw CloudError(.outcomeUnknown, "EC2 answered CreateSecurityGroup without a group")
        }
        ec2.made(id)
        return CloudResource(CloudReference(.firewall, id), name: tag.name, tag: tag, state: .ready)
    }

    func firewall(_ id: String) async throws(CloudError) -> CloudResource? {
        let codes: Set = ["InvalidGroup.NotFound", "InvalidGroupId.Malformed"]
        let query = EC2Query("DescribeSecurityGroups").list("GroupId", [id])
        return try await ec2.whole(query, in: "securityGroupInfo", excusing: codes).compactMap(Self.firewall).first
    }

    func firewalls(_ choose: (EC2Query) -> EC2Query) async throws(CloudError) -> [CloudResource] {
        try await ec2.items(choose(EC2Query("DescribeSecurityGroups")), in: "securityGroupInfo")
            .compactMap(Self.firewall)
    }

    private static func firewall(_ item: XMLElement) -> CloudResource? {
        guard let id = item.text("groupId") else { return nil }
        let rules = permissions(item).compactMap { $0.rule(group: id) }
        return CloudResource(
            CloudReference(.firewall, id), name: EC2Labels.value("Name", item) ?? item.text("groupName") ?? id,
            tag: EC2Labels.tag(item), state: .ready, rules: Set(rules))
    }

    private static func permissions(_ item: XMLElement) -> [EC2Permission] {
        item["ipPermissions"]?.all("item").flatMap(EC2Permission.read) ?? []
    }

    /// `AuthorizeSecurityGroupIngress`, `UpdateSecurityGroupRuleDescriptionsIngress`, `RevokeSecurityGroupIngress`: what
    /// is wanted is let in before what is not is kept out. Permissions that Roadstead has no rule for are removed too.
    public func setRules(_ rules: [FirewallRule], firewall: CloudReference) async throws(CloudError) {
        let id = firewall.id
        let query = EC2Query("DescribeSecurityGroups").list("GroupId", [id])
        guard firewall.kind == .firewall, let item = try await ec2.whole(query, in: "securityGroupInfo").first else {
            throw CloudError(.notFound, "EC2 has no security group '\(id)'")
        }
        let plan = EC2PermissionPlan(
            from: Self.permissions(item), to: rules.map { EC2Permission($0, group: id) })
        try await order("AuthorizeSecurityGroupIngress", plan.added, id, excusing: "InvalidPermission.Duplicate")
        try await order("UpdateSecurityGroupRuleDescriptionsIngress", plan.described, id)
        try await order("RevokeSecurityGroupIngress", plan.removed, id, excusing: "InvalidPermission.NotFound")
    }

    private func order(
        _ action: String, _ permissions: [EC2Permission], _ id: String, excusing code: String = ""
    ) async throws(CloudError) {
        guard !permissions.isEmpty else { return }
        var query = EC2Query(action).with("GroupId", id)
        for (index, permission) in permissions.enumerated() {
            query = permission.add(to: query, number: index + 1)
        }
        // Of several, EC2 does all or none: a refused one is done again alone, so that the others are.
        guard try await ec2.send(query, excusing: [code]) == nil, permissions.count > 1 else { return }
        for permission in permissions {
            try await order(action, [permission], id, excusing: code)
        }
    }

    /// `DeleteSecurityGroup`.
    func removeFirewall(_ id: String) async throws(CloudError) {
        let codes: Set = ["InvalidGroup.NotFound", "InvalidGroupId.Malformed"]
        try await ec2.send(EC2Query("DeleteSecurityGroup").with("GroupId", id), excusing: codes)
    }
}
