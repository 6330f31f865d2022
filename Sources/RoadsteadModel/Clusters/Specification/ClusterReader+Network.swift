import RoadsteadBasics

extension ClusterReader {
    mutating func readPorts() -> [PortRange] {
        var ranges: [PortRange] = []
        for (index, text) in strings(value("ports")).enumerated() {
            guard let range = PortRange(text) else { continue }
            if let other = ranges.first(where: range.overlaps) {
                refuse("ports[\(index)]", "\(range) overlaps \(other): write each port once")
            }
            for reserved in PortRange.reserved where reserved.range.overlaps(range) {
                refuse(
                    "ports[\(index)]",
                    "\(range) would open \(reserved.range) to the world, which is \(reserved.use): leave it out")
            }
            ranges.append(range)
        }
        return ranges.sorted()
    }

    /// Ranges in their canonical form: with a prefix.
    mutating func readRanges(_ texts: [String], at path: String) -> [String] {
        texts.enumerated().compactMap { index, text in
            readRange(text, at: "\(path)[\(index)]").map { "\(Self.address(text))/\($0.bits)" }
        }
    }

    private mutating func readRange(_ text: String, at path: String) -> CIDR? {
        guard let range = try? CIDR(text) else { return nil }
        if range.hasHostBits {
            refuse(
                path,
                "\(text) is an address within a range: clear the bits behind /\(range.bits), or write /32 or /128 for one address"
            )
        }
        return range
    }

    private static func address(_ text: String) -> Substring { text.prefix { $0 != "/" } }

    mutating func readNetwork() -> ClusterNetwork {
        let network = value("network")
        let range = network?["range"]?.stringValue
        if let range { checkPrivate(range, at: "network.range", prefix: 8...28) }
        let pools = strings(network?["pools"])
        for (index, pool) in pools.enumerated() {
            checkPrivate(pool, at: "network.pools[\(index)]", prefix: 8...24)
            for other in pools[..<index] + [range].compactMap(\.self) where Self.overlap(pool, other) {
                refuse("network.pools[\(index)]", "\(pool) overlaps \(other): choose ranges apart from each other")
            }
        }
        return ClusterNetwork(range: range, mtu: network?["mtu"].flatMap(Self.integer), pools: pools)
    }

    private mutating func checkPrivate(_ text: String, at path: String, prefix: ClosedRange<Int>) {
        guard let range = readRange(text, at: path) else { return }
        guard range.isIPv4, prefix.contains(range.bits) else {
            return refuse(
                path, "must be a range of IPv4 with a prefix from /\(prefix.lowerBound) to /\(prefix.upperBound)")
        }
    }

    private static func overlap(_ left: String, _ right: String) -> Bool {
        guard let first = try? CIDR(left), let second = try? CIDR(right) else { return false }
        return first.contains(String(address(right))) || second.contains(String(address(left)))
    }
}
