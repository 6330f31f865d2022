/// A thing at a cloud by its kind and the cloud's own id.
public struct CloudReference: Sendable, Hashable {
    public let kind: CloudKind
    public let id: String

    public init(_ kind: CloudKind, _ id: String) { (self.kind, self.id) = (kind, id) }
}

/// What a cloud says of a thing.
public struct CloudResource: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        case pending, ready, stopped
        /// On its way out: no more ours to use, perhaps still billed.
        case removing
        /// The cloud gave it up, in its own words.
        case failed(String)
    }

    public var reference: CloudReference
    public var name: String
    /// nil: it was not made by Roadstead.
    public var tag: CloudTag?
    public var state: State
    /// Of machines, as soon as they have one.
    public var address: String?
    public var privateAddress: String?
    public var zone: String?
    /// Of machines: lines in OpenSSH's form, where the cloud's console tells them.
    public var hostKeys: [String]
    /// Of firewalls.
    public var rules: Set<FirewallRule>

    public init(
        _ reference: CloudReference, name: String, tag: CloudTag?, state: State, address: String? = nil,
        privateAddress: String? = nil, zone: String? = nil, hostKeys: [String] = [], rules: Set<FirewallRule> = []
    ) {
        (self.reference, self.name, self.tag, self.state) = (reference, name, tag, state)
        (self.address, self.privateAddress, self.zone) = (address, privateAddress, zone)
        (self.hostKeys, self.rules) = (hostKeys, rules)
    }
}
