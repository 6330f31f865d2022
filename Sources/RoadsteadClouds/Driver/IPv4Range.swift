/// A range of IPv4 addresses in CIDR form.
struct IPv4Range: Sendable, Hashable, CustomStringConvertible {
    let base: UInt32
    /// 0 to 32.
    let prefix: Int

    /// Bits behind the prefix are cleared, as clouds do. nil for what is no such range.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = Int(parts[1]), (0...32).contains(prefix) else { return nil }
        let bytes = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard bytes.count == 4, !bytes.contains(nil) else { return nil }
        let address = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1 ?? 0) }
        self.init(base: address, prefix: prefix)
    }

    private init(base: UInt32, prefix: Int) {
        self.prefix = prefix
        self.base = prefix == 0 ? 0 : base & (UInt32.max << UInt32(32 - prefix))
    }

    /// Its quarters; itself when it is too small for EC2 to take a quarter as a subnet (28 is the longest prefix).
    var parts: [IPv4Range] {
        guard prefix <= 26 else { return [self] }
        return (0..<4).map { IPv4Range(base: base + UInt32($0) << UInt32(30 - prefix), prefix: prefix + 2) }
    }

    var description: String { "\(Self.text(base))/\(prefix)" }

    static func text(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    }
}
