/// One step of a `StepGraph`: something that the outside world is asked for, small and idempotent.
public struct GraphStep: Sendable, Hashable {
    /// Unlike every other of its graph; it also names the step in the journal: `machine/prod-1`.
    public var name: String
    /// What it does, as a word: steps of a kind share a limit, and are shown together.
    public var kind: String
    /// What it does it to, such as a machine's name; nil when there is only one.
    public var subject: String?
    /// Names of the steps that must be done before it begins.
    public var dependencies: Set<String>

    public init(_ name: String, kind: String, subject: String? = nil, after dependencies: Set<String> = []) {
        (self.name, self.kind, self.subject, self.dependencies) = (name, kind, subject, dependencies)
    }
}
