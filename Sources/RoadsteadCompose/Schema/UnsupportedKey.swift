/// A key of the Compose specification that a Swarm cannot honour, and what is done about it.
public struct UnsupportedKey: Hashable, Sendable {
    public enum Effect: String, Hashable, Sendable, CaseIterable {
        /// The stack is not deployed.
        case refused
        /// The stack is deployed without it; the plan shows a warning.
        case warned
    }

    /// Where it stands: `services.*.devices`, `*` being any name and `[]` any item of a list.
    public var path: String
    public var effect: Effect
    /// Why, and what to do instead: the end of the sentence "services.web.devices is ignored: ...".
    public var reason: String
    /// Whether it counts only when images are built (true), only when they are not (false), or always (nil).
    public var whenBuilding: Bool?

    init(_ path: String, _ effect: Effect, _ reason: String, whenBuilding: Bool? = nil) {
        self.path = path
        self.effect = effect
        self.reason = reason
        self.whenBuilding = whenBuilding
    }
}

/// One place of a file where such a key was met.
struct UnsupportedFinding: Hashable, Sendable {
    var key: UnsupportedKey
    var origin: Origin
    /// The service of the stack that it ends up in, which may have extended the one where it stands.
    var service: String?
}

/// Says what was found, once the stack's services are known.
struct UnsupportedReport {
    /// Places named in one warning.
    private static let placeLimit = 3

    let findings: [UnsupportedFinding]
    let log: ProblemLog

    /// - Parameter services: those that are part of the stack.
    func write(services: Set<String>, builds: Bool) {
        let relevant = findings.filter { finding in
            (finding.key.whenBuilding ?? builds) == builds && (finding.service.map(services.contains) ?? true)
        }
        for finding in relevant where finding.key.effect == .refused {
            log.add("is not supported: \(finding.key.reason)", at: finding.origin)
        }
        let warned = Dictionary(grouping: relevant.filter { $0.key.effect == .warned }, by: \.key)
        for key in UnsupportedKey.all {
            guard let places = warned[key]?.map(\.origin.path.description) else { continue }
            let named = Set(places).sorted().prefix(Self.placeLimit).joined(separator: ", ")
            let more = Set(places).count - Self.placeLimit
            log.warn(
                "\(named)\(more > 0 ? " and \(more) more" : "") \(places.count > 1 ? "are" : "is") ignored: \(key.reason)"
            )
        }
    }
}
