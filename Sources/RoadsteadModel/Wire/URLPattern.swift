import RoadsteadBasics

/// An address of an application with places for facts about its deployment: `http://${hostname}:${web.tcp.80}/`. Pure.
///
/// The names are those of deployment parameters. `${tcp.80}` without a service stands for `${web.tcp.80}` where one service
/// alone publishes that port.
public struct URLPattern: Sendable, Hashable {
    private enum Part: Sendable, Hashable { case text(String), name(String) }

    private let parts: [Part]

    /// A `${` that is not closed is text.
    public init(_ text: String) {
        var (parts, rest) = ([Part](), Substring(text))
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            parts.append(.text(String(rest[..<start.lowerBound])))
            parts.append(.name(String(rest[start.upperBound..<end])))
            rest = rest[rest.index(after: end)...]
        }
        self.parts = parts + [.text(String(rest))]
    }

    public var names: [String] { parts.compactMap { if case .name(let name) = $0 { name } else { nil } } }

    /// nil when a name has no value, or an empty one.
    public func resolved(_ values: [String: String]) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .name(let name):
                guard let value = Self.value(name, values), !value.isEmpty else { return nil }
                text += value
            }
        }
        return text
    }

    private static func value(_ name: String, _ values: [String: String]) -> String? {
        if let value = values[name] { return value }
        guard isPort(name) else { return nil }
        let fitting = values.filter { $0.key.hasSuffix("." + name) && $0.key.split(separator: ".").count == 3 }
        return fitting.count == 1 ? fitting.first?.value : nil
    }

    /// `tcp.80`.
    static func isPort(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && ["tcp", "udp", "sctp"].contains(parts[0]) && UInt16(parts[1]) != nil
    }

    /// Names that can never have a value: no fact of the host, of one of the services, or an output parameter.
    public func unknownNames(services: Set<String>, outputs: Set<String>) -> [String] {
        names.filter { name in
            if name == "hostname" || name.hasPrefix("ip.") || outputs.contains(name) || Self.isPort(name) {
                return false
            }
            return !services.contains { name.hasPrefix($0 + ".") }
        }
    }

    /// Labels and addresses of a module's `urls`, as far as all their names have values.
    public static func addresses(
        _ urls: JSONValue?, _ values: [String: String]
    ) -> [(label: String, url: String)] {
        (urls?.arrayValue ?? []).compactMap { pair in
            guard let label = pair.arrayValue?.first?.stringValue, let pattern = pair.arrayValue?.last?.stringValue,
                let url = URLPattern(pattern).resolved(values)
            else { return nil }
            return (label, url)
        }
    }
}
