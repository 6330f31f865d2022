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

    public init(packages: Packages = .distribution, version: String? = nil) {
        (self.packages, self.version) = (packages, version)
    }

    /// Whether an engine of that version is what was asked for: `26.1` takes `26.1.5+dfsg1`.
    public func accepts(_ installed: String) -> Bool {
        guard let version else { return true }
        guard installed.hasPrefix(version) else { return false }
        let next = installed.dropFirst(version.count).first
        return next.map { !$0.isNumber } ?? true
    }
}
