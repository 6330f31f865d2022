import RoadsteadBasics

/// The addresses of a private network: the lower part is given to machines one by one, the upper quarter is what the
/// DHCP server may give by itself.
///
/// Exoscale takes fixed addresses outside of the server's own range too, within the netmask; and one that a machine has
/// by chance could not be told apart from one that it keeps.
struct ExoscaleRange: Sendable, Hashable {
    private let range: IPv4Range

    /// nil for what is no range from /16 to /28.
    init?(_ text: String) {
        guard let range = IPv4Range(text), (16...28).contains(range.prefix) else { return nil }
        self.range = range
    }

    /// From what Exoscale tells of a network; nil when it has no DHCP server.
    init?(_ item: JSONValue) {
        guard let mask = item["netmask"]?.stringValue.flatMap({ IPv4Range("\($0)/32")?.base }),
            let start = item["start-ip"]?.stringValue
        else { return nil }
        self.init("\(start)/\(mask.nonzeroBitCount)")
    }

    private var count: UInt32 { 1 << UInt32(32 - range.prefix) }

    var mask: String { IPv4Range.text(UInt32.max << UInt32(32 - range.prefix)) }

    var dynamic: (first: String, last: String) {
        (IPv4Range.text(range.base + count - count / 4), IPv4Range.text(range.base + count - 3))
    }

    /// The lowest fixed address that is not taken; the first of the network is left to a router.
    func firstFree(besides taken: Set<String>) -> String? {
        (2..<(count - count / 4)).lazy.map { IPv4Range.text(range.base + $0) }.first { !taken.contains($0) }
    }
}
