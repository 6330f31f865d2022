/// One kind of traffic that a firewall lets in. What no rule lets in is dropped; what goes out is free.
public struct FirewallRule: Sendable, Hashable {
    public enum Transport: String, Sendable, Hashable, CaseIterable { case tcp, udp, icmp }

    public enum Source: Sendable, Hashable {
        /// CIDR, IPv4 or IPv6.
        case addresses(String)
        /// The machines that the same firewall protects.
        case members
    }

    public var transport: Transport
    /// Of tcp and udp; for icmp 0...0, which stands for all of it.
    public var ports: ClosedRange<Int>
    public var source: Source
    /// What people read at the provider: `swarm gossip`.
    public var purpose: String

    public init(_ transport: Transport, _ ports: ClosedRange<Int>, from source: Source, purpose: String) {
        (self.transport, self.ports, self.source, self.purpose) = (transport, ports, source, purpose)
    }
}
