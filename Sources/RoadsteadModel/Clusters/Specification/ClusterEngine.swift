/// Which Docker Engine the machines get.
public struct ClusterEngine: Sendable, Hashable {
    public enum Packages: String, Sendable, Hashable, CaseIterable {
        /// Those of the machine's Linux distribution.
        case distribution
        /// Docker's own, from its package mirror.
        case docker
    }

    public var packages: Packages
    /// `26.1` or `26.1.5`; nil is the newest that the packages have.
    public var version: String?
    /// Seconds that an upgrade waits for the tasks of a node to leave it, and then for services to be whole again, before it
    /// stops; nil is `usualPatience`.
    public var patience: Int?

    public static let usualPatience = 300

    public init(packages: Packages = .distribution, version: String? = nil, patience: Int? = nil) {
        (self.packages, self.version, self.patience) = (packages, version, patience)
    }

    /// Whether an engine of that version is what was asked for: `26.1` takes `26.1.5+dfsg1`.
    public func accepts(_ installed: String) -> Bool {
        guard let version else { return true }
        guard installed.hasPrefix(version) else { return false }
        let next = installed.dropFirst(version.count).first
        return next.map { !$0.isNumber } ?? true
    }

    /// Whether one version comes before another, by the numbers that both have: `26.1.5+dfsg1` before `27.0`, and `26.1`
    /// neither before nor after `26.1.5`.
    public static func isOlder(_ version: String, than other: String) -> Bool {
        for (left, right) in zip(numbers(version), numbers(other)) where left != right { return left < right }
        return false
    }

    private static func numbers(_ version: String) -> [Int] {
        let release = version.prefix { $0.isNumber || $0 == "." }
        return release.split(separator: ".").prefix(3).compactMap { Int($0) }
    }
}
