import ArgumentParser
import RoadsteadBasics
import RoadsteadModel

/// A host that exists, as the command line names it: `[USER@]ADDRESS[:PORT][=manager|worker]`, IPv6 with a port in
/// brackets.
struct HostArgument: ExpressibleByArgument, Hashable, Sendable {
    var user: String?
    var address: String
    var port: Int?
    var role: MachineRole?

    init?(argument: String) {
        var rest = Substring(argument)
        if let sign = rest.lastIndex(of: "=") {
            guard let role = MachineRole(rawValue: String(rest[rest.index(after: sign)...])) else { return nil }
            self.role = role
            rest = rest[..<sign]
        }
        if let sign = rest.lastIndex(of: "@") {
            guard sign > rest.startIndex else { return nil }
            user = String(rest[..<sign])
            rest = rest[rest.index(after: sign)...]
        }
        guard let place = Self.place(rest) else { return nil }
        (address, port) = place
    }

    private static func place(_ text: Substring) -> (String, Int?)? {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let address = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard !rest.isEmpty else { return (address, nil) }
            return rest.hasPrefix(":") ? port(rest.dropFirst()).map { (address, $0) } : nil
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let first = parts.first, !first.isEmpty || parts.count > 2 else { return nil }
        // More than one colon is an IPv6 address without a port.
        guard parts.count == 2 else { return (String(text), nil) }
        return port(parts[1]).map { (String(first), $0) }
    }

    private static func port(_ text: Substring) -> Int? {
        Int(text).flatMap { (1...65535).contains($0) ? $0 : nil }
    }

    /// As a specification's `hosts` have it: only what was said.
    var json: JSONObject {
        var json: JSONObject = ["address": .string(address)]
        json["port"] = port.map { JSONValue($0) }
        json["user"] = user.map(JSONValue.string)
        json["role"] = role.map { .string($0.rawValue) }
        return json
    }

    /// As `ClusterHost.key`.
    var key: String { ClusterHost.key(address, port ?? 22) }
}
