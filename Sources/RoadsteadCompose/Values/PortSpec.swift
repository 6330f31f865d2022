/// The short form of a published port: `[[address:]published:]target[/protocol]`, where published and target may be
/// ranges of the same length, or published a range for one target.
struct PortSpec: Hashable, Sendable {
    struct Failure: Error, Hashable, Sendable {
        var message: String
    }

    struct Mapping: Hashable, Sendable {
        var target: UInt32
        /// 0: the Swarm chooses.
        var published: UInt32
    }

    var targets: ClosedRange<UInt32>
    /// nil: the Swarm chooses.
    var published: ClosedRange<UInt32>?
    var `protocol`: String
    /// Address of the host to listen on; a Swarm listens on all.
    var hostAddress: String?

    static func parse(_ text: String) throws(Failure) -> PortSpec {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let (target, `protocol`) = try splitProtocol(parts[parts.count - 1])
        let targets = try range(target, what: "container port")
        let address = parts.count > 2 ? parts[..<(parts.count - 2)].joined(separator: ":") : ""
        guard isAddress(address) else { throw Failure(message: "'\(address)' is no IP address") }
        let host = parts.count > 1 ? parts[parts.count - 2] : ""
        let published = host.isEmpty ? nil : try range(host, what: "host port")
        if let published, targets.count > 1, published.count != targets.count {
            throw Failure(message: "the ranges \(host) and \(target) differ in length")
        }
        return PortSpec(
            targets: targets, published: published, protocol: `protocol`, hostAddress: address.isEmpty ? nil : address)
    }

    /// How many mappings this stands for.
    var count: Int { max(targets.count, published?.count ?? 1) }

    /// One by one: target to published, or each of the published to the one target.
    var mappings: [Mapping] {
        guard let published else { return targets.map { Mapping(target: $0, published: 0) } }
        if targets.count == 1 { return published.map { Mapping(target: targets.lowerBound, published: $0) } }
        return zip(targets, published).map { Mapping(target: $0, published: $1) }
    }

    private static func splitProtocol(_ text: Substring) throws(Failure) -> (Substring, String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard !parts[0].isEmpty else { throw Failure(message: "no container port") }
        let name = parts.count == 2 && !parts[1].isEmpty ? parts[1].lowercased() : "tcp"
        guard ["tcp", "udp", "sctp"].contains(name) else {
            throw Failure(message: "the protocol '\(name)' is none of tcp, udp and sctp")
        }
        return (parts[0], name)
    }

    private static func range(_ text: Substring, what: String) throws(Failure) -> ClosedRange<UInt32> {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let ports = parts.compactMap { part -> UInt32? in
            guard !part.isEmpty, part.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt32(part),
                port <= 65535
            else { return nil }
            return port
        }
        guard ports.count == parts.count, let first = ports.first, let last = ports.last, first <= last else {
            throw Failure(message: "the \(what) '\(text)' is no number or range from 0 to 65535")
        }
        return first...last
    }

    private static func isAddress(_ text: String) -> Bool {
        if text.isEmpty { return true }
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        if bare.contains(":") { return bare.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." } }
        let numbers = bare.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
    }
}
