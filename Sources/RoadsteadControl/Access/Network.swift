import Foundation

/// Callers by address, for counting.
enum Network {
    /// An IPv4 address as it is, an IPv6 address by its first 64 bits, which one customer has to himself; anything else,
    /// such as a socket on this machine, as `local`.
    static func key(of address: String?) -> String {
        guard let address else { return "local" }
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 { return address }
        var six = in6_addr()
        guard inet_pton(AF_INET6, address, &six) == 1 else { return "local" }
        let bytes = withUnsafeBytes(of: &six) { Array($0) }
        // ::ffff:a.b.c.d is an IPv4 address that came over an IPv6 socket; ::1 is this machine.
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10...11].allSatisfy({ $0 == 255 }) {
            return bytes.suffix(4).map(String.init).joined(separator: ".")
        }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
