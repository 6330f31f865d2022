import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel

/// What a cluster's firewall lets in. Pure.
struct ClusterDoors {
    let specification: ClusterSpecification
    /// CIDRs of this server, as the machines see it.
    let controlPlane: [String]

    private static let ssh = 22
    private static let engine = 2376
    private static let world = ["0.0.0.0/0", "::/0"]

    /// Every rule once, people's purposes told.
    ///
    /// Between the members: the Swarm's managers, gossip and overlays (VXLAN; encrypted ones, which are IPsec, are not
    /// let through), and ICMP, by which paths tell how large a packet may be.
    var rules: [FirewallRule] {
        let ssh = open(Self.ssh, to: specification.sshAccess + controlPlane, "ssh")
        let engine = open(Self.engine, to: specification.engineAccess + controlPlane, "engine API")
        let published = specification.ports.flatMap { range in
            Self.world.map {
                FirewallRule(
                    range.transport == .tcp ? .tcp : .udp, range.ports, from: .addresses($0), purpose: "published")
            }
        }
        return ssh + engine + Self.members + published
    }

    private static let members = [
        FirewallRule(.tcp, 2377...2377, from: .members, purpose: "swarm managers"),
        FirewallRule(.tcp, 7946...7946, from: .members, purpose: "swarm gossip"),
        FirewallRule(.udp, 7946...7946, from: .members, purpose: "swarm gossip"),
        FirewallRule(.udp, 4789...4789, from: .members, purpose: "swarm overlays"),
        FirewallRule(.icmp, 0...0, from: .members, purpose: "path mtu"),
    ]

    private func open(_ port: Int, to sources: [String], _ purpose: String) -> [FirewallRule] {
        var seen: Set<String> = []
        return sources.filter { seen.insert($0).inserted }
            .map { FirewallRule(.tcp, port...port, from: .addresses($0), purpose: purpose) }
    }

    /// What live rules let in, in the specification's terms, apart from what this server itself needs.
    ///
    /// A port is open when all of the world is let in; a rule for a part of it is drift, and shown as a port of its own
    /// would be: it goes when the firewall is brought to what it should be.
    func firewall(_ live: Set<FirewallRule>) -> ClusterFirewall {
        let isOurs = { (source: String) in controlPlane.contains(source) }
        let engine = sources(of: Self.engine, live).filter { specification.engineAccess.contains($0) || !isOurs($0) }
        let ssh = sources(of: Self.ssh, live).filter { specification.sshAccess.contains($0) || !isOurs($0) }
        return ClusterFirewall(
            ports: published(live), engineAccess: Self.sorted(engine, like: specification.engineAccess),
            sshAccess: Self.sorted(ssh, like: specification.sshAccess))
    }

    private func sources(of port: Int, _ live: Set<FirewallRule>) -> [String] {
        live.compactMap { rule in
            guard case .addresses(let range) = rule.source, rule.transport == .tcp, rule.ports == port...port else {
                return nil
            }
            return range
        }
    }

    private func published(_ live: Set<FirewallRule>) -> [PortRange] {
        let ranges = live.compactMap { rule -> PortRange? in
            guard case .addresses = rule.source, rule.ports != Self.ssh...Self.ssh,
                rule.ports != Self.engine...Self.engine
            else { return nil }
            switch rule.transport {
            case .tcp: return PortRange(rule.ports, .tcp)
            case .udp: return PortRange(rule.ports, .udp)
            case .icmp: return nil
            }
        }
        return Set(ranges).sorted()
    }

    /// In the order of the specification, so that nothing differs that is the same.
    private static func sorted(_ ranges: [String], like order: [String]) -> [String] {
        Set(ranges).sorted { left, right in
            let places = (order.firstIndex(of: left) ?? .max, order.firstIndex(of: right) ?? .max)
            return places.0 == places.1 ? left < right : places.0 < places.1
        }
    }

    /// Whether this server gets in: SSH from everywhere, or its own address is known.
    var isReachable: Bool {
        !controlPlane.isEmpty || Self.world.allSatisfy(specification.sshAccess.contains)
    }
}
