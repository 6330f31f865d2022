import Foundation

/// Where new identifiers come from. Injected, so that tests can foretell them.
public protocol IDSource: Sendable {
    /// A random UUID version 4 in lower case.
    func makeUUID() -> String

    /// `count` bytes fit for secrets.
    func makeRandomBytes(_ count: Int) -> [UInt8]
}

/// The operating system's random numbers.
public struct SystemIDSource: IDSource {
    public init() {}

    public func makeUUID() -> String { UUID().uuidString.lowercased() }

    public func makeRandomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
