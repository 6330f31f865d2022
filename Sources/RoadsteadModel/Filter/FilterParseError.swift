/// Why a text is not a filter, and at which byte (from 0).
public struct FilterParseError: Error, Hashable, Sendable, CustomStringConvertible {
    public let position: Int
    public let problem: String

    init(_ position: Int, _ problem: String) {
        self.position = position
        self.problem = problem
    }

    /// Begins as Nuvla's own message does.
    public var description: String { "Invalid CIMI filter. At character \(position + 1): \(problem)" }
}
