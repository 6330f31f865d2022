import Foundation

/// A range of IP addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct CIDR: Sendable, Hashable, CustomStringConvertible {
    public let description: String
    /// Of the address, four or sixteen, in the order of the network.
    public let bytes: [UInt8]
    /// Length of the prefix.
    public let bits: Int

    /// Throws `invalidInput` for what is no address, or a prefix that is longer than it.
    public init(_ text: String) throws(RoadsteadError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(of: String(parts[0])),
            let bits = parts.count == 1 ? bytes.count * 8 : Int(parts[1]), (0...bytes.count * 8).contains(bits)
        else {
            throw RoadsteadError(
                .invalidInput, "'\(text)' is no range of addresses; write it like 10.0.0.0/8 or 2001:db8::1")
        }
        self.bytes = bytes
        self.bits = bits
        description = text
    }

    public var isIPv4: Bool { bytes.count == 4 }

    /// The address without its prefix in the one form that tools print: IPv6 in small letters, its longest zeros left out.
    public var address: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
            return description
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether it is one address and not a range of several.
    public var isAddress: Bool { bits == bytes.count * 8 }

    /// Whether bits are set behind the prefix, as in `10.0.0.5/24`: clouds refuse such a range.
    public var hasHostBits: Bool {
        bytes.indices.contains { index in
            let kept = min(max(bits - index * 8, 0), 8)
            return bytes[index] & UInt8(truncatingIfNeeded: 0xFF >> kept) != 0
        }
    }

    /// Whether the address lies within; false for what is no address.
    public func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        let whole = bits / 8
        guard bytes.prefix(whole) == other.prefix(whole) else { return false }
        guard bits % 8 > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
        return bytes[whole] & mask == other[whole] & mask
    }

    /// An IPv4 address that came in over an IPv6 socket counts as what it is.
    private static func bytes(of address: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, address, &four) == 1 { return four }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return nil }
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
        return Array(bytes.prefix(12)) == mapped ? Array(bytes.suffix(4)) : bytes
    }
}

extension [CIDR] {
    /// Whether one of them contains the address.
    public func contain(_ address: String) -> Bool { contains { $0.contains(address) } }
}
