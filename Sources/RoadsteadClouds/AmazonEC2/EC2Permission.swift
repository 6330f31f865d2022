import HTTPCalls

/// One kind of traffic that a security group lets in, from one source, as EC2 has it.
struct EC2Permission: Sendable, Hashable {
    enum Source: Sendable, Hashable {
        case addresses(String)
        case group(String)
        case prefixList(String)
    }

    /// What makes two permissions the same for EC2: all but the description.
    struct Traffic: Sendable, Hashable {
        /// `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, or a number.
        var transport: String
        var first: Int?
        var last: Int?
        var source: Source
    }

    var traffic: Traffic
    var purpose: String

    /// `group`: the security group that the rule is for.
    init(_ rule: FirewallRule, group: String) {
        let source: Source
        var isSixth = false
        switch rule.source {
        case .members: source = .group(group)
        case .addresses(let range):
            source = .addresses(IPv4Range(range)?.description ?? range.lowercased())
            isSixth = range.contains(":")
        }
        let isEcho = rule.transport == .icmp
        traffic = Traffic(
            transport: isEcho && isSixth ? "icmpv6" : rule.transport.rawValue,
            first: isEcho ? -1 : rule.ports.lowerBound, last: isEcho ? -1 : rule.ports.upperBound, source: source)
        purpose = EC2Labels.plain(rule.purpose)
    }

    private init(_ traffic: Traffic, purpose: String) { (self.traffic, self.purpose) = (traffic, purpose) }

    /// From an item of an answer's `ipPermissions`, which holds many sources.
    static func read(_ item: XMLElement) -> [EC2Permission] {
        let transport = item.text("ipProtocol") ?? "-1"
        let (first, last) = (item.text("fromPort").flatMap { Int($0) }, item.text("toPort").flatMap { Int($0) })
        let sources: [(set: String, name: String, make: (String) -> Source)] = [
            ("ipRanges", "cidrIp", Source.addresses), ("ipv6Ranges", "cidrIpv6", Source.addresses),
            ("groups", "groupId", Source.group), ("prefixListIds", "prefixListId", Source.prefixList),
        ]
        return sources.flatMap { source in
            (item[source.set]?.all("item") ?? []).compactMap { entry in
                entry.text(source.name).map { value in
                    EC2Permission(
                        Traffic(transport: transport, first: first, last: last, source: source.make(value)),
                        purpose: entry.text("description") ?? "")
                }
            }
        }
    }

    /// nil for what Roadstead has no rule for.
    func rule(group: String) -> FirewallRule? {
        let isEcho = traffic.transport == "icmp" || traffic.transport == "icmpv6"
        guard let transport = isEcho ? .icmp : FirewallRule.Transport(rawValue: traffic.transport),
            let first = traffic.first, let last = traffic.last, isEcho || first <= last
        else { return nil }
        let source: FirewallRule.Source
        switch traffic.source {
        case .addresses(let range): source = .addresses(range)
        case .group(group): source = .members
        case .group, .prefixList: return nil
        }
        return FirewallRule(transport, isEcho ? 0...0 : first...last, from: source, purpose: purpose)
    }

    /// Its parameters, at `IpPermissions.<number>`; with its description, which moto compares where one is revoked.
    func add(to query: EC2Query, number: Int) -> EC2Query {
        let place = "IpPermissions.\(number)"
        let (set, name, value) =
            switch traffic.source {
            case .addresses(let range) where range.contains(":"): ("Ipv6Ranges", "CidrIpv6", range)
            case .addresses(let range): ("IpRanges", "CidrIp", range)
            case .group(let group): ("Groups", "GroupId", group)
            case .prefixList(let list): ("PrefixListIds", "PrefixListId", list)
            }
        return query.with("\(place).IpProtocol", traffic.transport)
            .with("\(place).FromPort", traffic.first.map { String($0) })
            .with("\(place).ToPort", traffic.last.map { String($0) }).with("\(place).\(set).1.\(name)", value)
            .with("\(place).\(set).1.Description", purpose.isEmpty ? nil : purpose)
    }
}

/// What is to be done to a security group so that it lets in exactly what is wanted.
struct EC2PermissionPlan: Sendable, Hashable {
    var added: [EC2Permission] = []
    /// Another description only.
    var described: [EC2Permission] = []
    var removed: [EC2Permission] = []

    init(from current: [EC2Permission], to wanted: [EC2Permission]) {
        let existing = Dictionary(current.map { ($0.traffic, $0) }) { first, _ in first }
        var seen: Set<EC2Permission.Traffic> = []
        for permission in wanted where seen.insert(permission.traffic).inserted {
            guard let old = existing[permission.traffic] else {
                added.append(permission)
                continue
            }
            if old.purpose != permission.purpose { described.append(permission) }
        }
        removed = current.filter { !seen.contains($0.traffic) }
    }
}
