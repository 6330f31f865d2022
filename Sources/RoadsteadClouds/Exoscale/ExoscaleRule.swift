import RoadsteadBasics

/// One rule of a security group as Exoscale has it.
struct ExoscaleRule: Sendable, Hashable {
    let id: String
    /// nil for what Roadstead has no rule for: an outgoing one, other protocols, sources and kinds of ICMP.
    let rule: FirewallRule?

    /// `group`: the security group that the rule is of.
    init?(_ item: JSONValue, group: String) {
        guard let id = item["id"]?.stringValue else { return nil }
        (self.id, rule) = (id, Self.rule(item, group))
    }

    private static func rule(_ item: JSONValue, _ group: String) -> FirewallRule? {
        guard item["flow-direction"]?.stringValue == "ingress", let source = source(item, group) else { return nil }
        let purpose = item["description"]?.stringValue ?? ""
        switch item["protocol"]?.stringValue {
        case "icmp", "icmpv6":
            let kinds = [item["icmp"]?["type"]?.integerValue, item["icmp"]?["code"]?.integerValue]
            guard kinds.allSatisfy({ $0 ?? -1 == -1 }) else { return nil }
            return FirewallRule(.icmp, 0...0, from: source, purpose: purpose)
        case let name?:
            guard let transport = FirewallRule.Transport(rawValue: name),
                let first = item["start-port"]?.integerValue, let last = item["end-port"]?.integerValue, first <= last
            else { return nil }
            return FirewallRule(transport, Int(first)...Int(last), from: source, purpose: purpose)
        case nil: return nil
        }
    }

    private static func source(_ item: JSONValue, _ group: String) -> FirewallRule.Source? {
        if let network = item["network"]?.stringValue { return .addresses(network) }
        return item["security-group"]?["id"]?.stringValue == group ? .members : nil
    }

    /// The body of `add-rule-to-security-group`.
    static func body(_ rule: FirewallRule, group: String) -> JSONObject {
        var body: JSONObject = ["flow-direction": "ingress", "protocol": .string(rule.transport.rawValue)]
        switch rule.source {
        case .members: body["security-group"] = ["id": .string(group)]
        case .addresses(let range): body["network"] = .string(range)
        }
        if rule.transport == .icmp {
            if case .addresses(let range) = rule.source, range.contains(":") { body["protocol"] = "icmpv6" }
            body["icmp"] = ["type": -1, "code": -1]
        } else {
            body["start-port"] = JSONValue(rule.ports.lowerBound)
            body["end-port"] = JSONValue(rule.ports.upperBound)
        }
        if !rule.purpose.isEmpty { body["description"] = .string(String(rule.purpose.prefix(255))) }
        return body
    }
}

/// What is to be done to a security group, one rule at a time, so that it lets in exactly what is wanted.
struct ExoscaleRulePlan: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        case add(FirewallRule)
        case remove(id: String)
    }

    private(set) var steps: [Step] = []

    /// What is wanted is let in before what is not is kept out; only where two rules differ in nothing but their purpose
    /// the old one goes first, since Exoscale takes no traffic twice.
    init(from current: [ExoscaleRule], to wanted: [FirewallRule]) {
        var stale: [ExoscaleRule] = []
        var missing = Set(wanted.map(\.inExoscaleForm))
        for rule in current {
            if let known = rule.rule, missing.remove(known.inExoscaleForm) != nil { continue }
            stale.append(rule)
        }
        for rule in wanted.map(\.inExoscaleForm) where missing.remove(rule) != nil {
            steps += stale.filter { $0.rule?.traffic == rule.traffic }.map { .remove(id: $0.id) }
            stale.removeAll { $0.rule?.traffic == rule.traffic }
            steps.append(.add(rule))
        }
        steps += stale.map { .remove(id: $0.id) }
    }
}

extension FirewallRule {
    /// With the address ranges that clouds tell: bits behind the prefix cleared, small letters.
    fileprivate var inExoscaleForm: FirewallRule {
        guard case .addresses(let range) = source else { return self }
        var rule = self
        rule.source = .addresses(IPv4Range(range)?.description ?? range.lowercased())
        return rule
    }

    /// Without the purpose.
    fileprivate var traffic: FirewallRule {
        var rule = self
        rule.purpose = ""
        return rule
    }
}
