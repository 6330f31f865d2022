/// A secret that does not show itself when it is printed, dumped or interpolated.
///
/// Reading it takes an explicit `.exposed`, so that every place where a secret leaves can be found by that word.
public struct Redacted<Value: Sendable>: Sendable {
    public let exposed: Value

    public init(_ value: Value) { exposed = value }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
