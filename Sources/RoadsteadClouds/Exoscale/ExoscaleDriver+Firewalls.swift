import RoadsteadBasics

/// Security groups.
extension ExoscaleDriver {
    /// `create-security-group` and its rules.
    func makeFirewall(_ request: FirewallRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource {
        var found = try await firewalls().having(tag).first
        if found == nil { found = try await createGroup(tag) }
        guard var firewall = found else {
            throw CloudError(.unavailable, "Exoscale does not show the firewall '\(tag.name)' yet")
        }
        // A group without its rules is what a crash between the two calls leaves.
        try await setRules(request.rules, firewall: firewall.reference)
        firewall.rules = Set(request.rules)
        return firewall
    }

    private func createGroup(_ tag: CloudTag) async throws(CloudError) -> CloudResource {
        let body: JSONObject = [
            "name": .string(tag.uniqueName(tag.name)), "description": .string(try ExoscaleLabels.description(tag)),
        ]
        let id = try await exoscale.made(
            .make("create-security-group", "/security-group", of: "firewall '\(tag.name)'", body))
        return CloudResource(CloudReference(.firewall, id), name: tag.name, tag: tag, state: .ready)
    }

    func firewall(_ id: String) async throws(CloudError) -> CloudResource? {
        try await group(id).flatMap(Self.firewall)
    }

    /// `get-security-group`.
    private func group(_ id: String) async throws(CloudError) -> JSONValue? {
        guard let id = Self.checkedID(id) else { return nil }
        return try await exoscale.find(.read("get-security-group", "/security-group/\(id)", of: "firewall '\(id)'"))
    }

    /// `list-security-groups`.
    func firewalls() async throws(CloudError) -> [CloudResource] {
        try await exoscale.list(.read("list-security-groups", "/security-group"), "security-groups")
            .compactMap(Self.firewall)
    }

    private static func firewall(_ item: JSONValue) -> CloudResource? {
        guard let id = item["id"]?.stringValue else { return nil }
        let tag = ExoscaleLabels.tag(descriptionOf: item)
        return CloudResource(
            CloudReference(.firewall, id), name: tag?.name ?? item["name"]?.stringValue ?? id, tag: tag, state: .ready,
            rules: Set(rules(item, id).compactMap(\.rule)))
    }

    private static func rules(_ item: JSONValue, _ id: String) -> [ExoscaleRule] {
        (item["rules"]?.arrayValue ?? []).compactMap { ExoscaleRule($0, group: id) }
    }

    /// `add-rule-to-security-group`, `delete-rule-from-security-group`, one after the other. Rules that Roadstead has no
    /// words for, outgoing ones among them, are removed too: what goes out is free.
    public func setRules(_ rules: [FirewallRule], firewall: CloudReference) async throws(CloudError) {
        guard firewall.kind == .firewall, let item = try await group(firewall.id), let id = item["id"]?.stringValue
        else { throw CloudError(.notFound, "Exoscale has no security group '\(firewall.id)'") }
        for step in ExoscaleRulePlan(from: Self.rules(item, id), to: rules).steps {
            switch step {
            case .add(let rule): try await add(rule, to: id)
            case .remove(let rule): try await removeRule(rule, of: id)
            }
        }
    }

    private func add(_ rule: FirewallRule, to id: String) async throws(CloudError) {
        try await exoscale.order(
            .change(
                "add-rule-to-security-group", "/security-group/\(id)/rules",
                of: "'\(rule.purpose)' to firewall '\(id)'", ExoscaleRule.body(rule, group: id), method: "POST"))
    }

    private func removeRule(_ rule: String, of id: String) async throws(CloudError) {
        try await exoscale.remove(
            .remove(
                "delete-rule-from-security-group", "/security-group/\(id)/rules/\(rule)",
                of: "rule '\(rule)' of firewall '\(id)'"))
    }

    /// `delete-security-group`, when no machine of the zone is in it; its rules about its own members first, since they
    /// count as uses of it.
    func removeFirewall(_ id: String) async throws(CloudError) {
        guard let item = try await group(id) else { return }
        if let user = try await user(of: "security-groups", id) {
            throw CloudError(.inUse, "firewall '\(id)' is in use by machine '\(user)'")
        }
        for rule in Self.rules(item, id) where rule.rule?.source == .members {
            try await removeRule(rule.id, of: id)
        }
        try await exoscale.remove(.remove("delete-security-group", "/security-group/\(id)", of: "firewall '\(id)'"))
    }
}
