/// A version of the Engine API, such as 1.41.
public struct APIVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int

    public init(_ major: Int, _ minor: Int) { (self.major, self.minor) = (major, minor) }

    /// nil when `text` is not two numbers with a point between.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Self.number(parts[0]), let minor = Self.number(parts[1]) else { return nil }
        self.init(major, minor)
    }

    private static func number(_ digits: some Collection<UInt8>) -> Int? {
        guard (1...4).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    /// The oldest that this client speaks: Debian 12's engine 20.10, the first with jobs and service status.
    public static let oldest = APIVersion(1, 41)
    /// The newest whose types this client knows.
    public static let newest = APIVersion(1, 52)

    public var description: String { "\(major).\(minor)" }

    public static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    /// What to speak with an engine whose newest version is `theirs`; nil when that is older than our oldest.
    static func negotiated(with theirs: APIVersion) -> APIVersion? {
        theirs < oldest ? nil : min(theirs, newest)
    }
}
