/// Where a host's sshd listens: a name or an address, and a port.
public struct HostAddress: Sendable, Hashable, CustomStringConvertible {
    public let host: String
    public let port: Int

    /// Throws `invalidInput` for a host that is no name, IPv4 or IPv6 address, and for a port outside 1 to 65535.
    public init(_ host: String, port: Int = 22) throws(RemoteHostError) {
        guard Self.isHost(host) else {
            throw RemoteHostError(.invalidInput, "'\(host)' is neither a host name nor an address", host: host)
        }
        guard (1...65535).contains(port) else {
            throw RemoteHostError(.invalidInput, "port \(port): give one from 1 to 65535", host: host)
        }
        self.host = host
        self.port = port
    }

    /// Goes into ssh's configuration: nothing that could be read there as another word, token or option.
    static func isHost(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 253 else { return false }
        return text.utf8.allSatisfy { byte in
            isLetterOrDigit(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":")].contains(byte)
        }
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
