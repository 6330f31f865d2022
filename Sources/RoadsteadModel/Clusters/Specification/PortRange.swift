import RoadsteadBasics

/// Ports of one transport: `30000-32000/tcp`, `53/udp`, `443` (tcp).
public struct PortRange: Sendable, Hashable, CustomStringConvertible {
    public enum Transport: String, Sendable, Hashable, CaseIterable { case tcp, udp }

    public var ports: ClosedRange<Int>
    public var transport: Transport

    public init(_ ports: ClosedRange<Int>, _ transport: Transport = .tcp) {
        (self.ports, self.transport) = (ports, transport)
    }

    /// nil when the text is not of that form, a port is not in 1...65535, or the range runs backwards.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let transport = parts.count == 1 ? .tcp : Transport(rawValue: String(parts[1])), parts.count <= 2 else {
            return nil
        }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(Self.port)
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
            return nil
        }
        self.init(first...last, transport)
    }

    private static func port(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text) else { return nil }
        return (1...65535).contains(port) ? port : nil
    }

    public var description: String {
        let (first, last) = (ports.lowerBound, ports.upperBound)
        return (first == last ? "\(first)" : "\(first)-\(last)") + "/" + transport.rawValue
    }

    public func overlaps(_ other: PortRange) -> Bool {
        transport == other.transport && ports.overlaps(other.ports)
    }

    /// Ports that the cluster itself lives on, and what each carries: they are never opened to the world.
    static let reserved: [(range: PortRange, use: String)] = [
        (PortRange(2375...2376), "the engine API; say who may reach it in engine-access"),
        (PortRange(2377...2377), "the managers of the Swarm"), (PortRange(7946...7946), "the gossip of the Swarm"),
        (PortRange(7946...7946, .udp), "the gossip of the Swarm"),
        (PortRange(4789...4789, .udp), "the overlay networks of the Swarm"),
    ]
}

extension PortRange: Comparable {
    /// By transport, then by first and last port: the order in which they are shown.
    public static func < (left: PortRange, right: PortRange) -> Bool {
        (left.transport.rawValue, left.ports.lowerBound, left.ports.upperBound)
            < (right.transport.rawValue, right.ports.lowerBound, right.ports.upperBound)
    }
}
