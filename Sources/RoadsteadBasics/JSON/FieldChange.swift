/// One field in which a desired thing differs from the live one, as plans show it.
///
/// Whoever makes it shows values that may hold secrets (environment variables, options of log and volume drivers) as
/// `(hidden)`.
public struct FieldChange: Hashable, Sendable {
    /// Names of the thing's own API, members of lists by what identifies them: `TaskTemplate.ContainerSpec.Env.MODE`.
    public var path: String
    /// nil: the live object does not have it.
    public var from: JSONValue?
    /// nil: the desired object does not have it.
    public var to: JSONValue?

    public init(path: String, from: JSONValue?, to: JSONValue?) {
        self.path = path
        self.from = from
        self.to = to
    }

    public func json() -> JSONValue {
        .object(["path": .string(path), "from": from ?? .null, "to": to ?? .null])
    }
}

extension FieldChange: CustomStringConvertible {
    public var description: String { "\(path): \(Self.text(from)) -> \(Self.text(to))" }

    private static func text(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "(none)" }
        return value.stringValue ?? value.text()
    }
}
