/// A cloud that makes and unmakes what a cluster stands on. One value is one account at one place of a provider.
///
/// Everything made carries a `CloudTag`: the cluster, and the step of a job that wanted it. A caller writes the tag down
/// before it asks, so that a thing whose id was never received is found again by `resources(of:)`.
///
/// All calls throw `CloudError` and nothing else, cancellation included (`cancelled`). `CloudDriverContract` in the tests
/// states what every driver keeps to.
public protocol CloudDriver: Sendable {
    /// What people write as `driver`: `exoscale`, `amazonec2`, ...
    var name: String { get }

    /// What this cloud can make, beside machines.
    var features: Set<CloudFeature> { get }

    /// Proves by the cheapest signed call that the account exists and may read.
    func check() async throws(CloudError)

    /// What can be asked for: zones, sizes, images; and how much of it, where the cloud tells.
    func catalog() async throws(CloudError) -> CloudCatalog

    /// Whether the cloud has the machine's size and image, and the zones; makes nothing, and says nothing of room or quota.
    ///
    /// Throws `invalidRequest`, naming the first that it does not have and what was probably meant.
    func look(for machine: MachineRequest, in zones: [String]) async throws(CloudError)

    /// Makes what is asked for and returns as soon as the cloud has given it an id; `resource` tells when it is ready.
    ///
    /// A second call with the same tag gives the first one's resource, and finishes what a crash left of it undone: by the cloud's own means where it has them (client
    /// token), else by looking first. When the outcome is unknown (`CloudError.Code.outcomeUnknown`) the caller looks by tag.
    func make(_ request: CloudRequest, tag: CloudTag) async throws(CloudError) -> CloudResource

    /// What the cloud says of it now; nil when it is gone.
    func resource(_ reference: CloudReference) async throws(CloudError) -> CloudResource?

    /// Everything of every kind with a tag of this cluster, whatever its state, but what is gone. Of duplicates, all.
    func resources(of cluster: String) async throws(CloudError) -> [CloudResource]

    /// Those of one kind. A driver that can ask its cloud for less than everything does.
    func resources(_ kind: CloudKind, of cluster: String) async throws(CloudError) -> [CloudResource]

    /// Removes it. What is gone already is no error; what is in use by something else is `inUse`.
    func remove(_ reference: CloudReference) async throws(CloudError)

    /// Starts, stops or restarts a machine; returns when the cloud has taken the order. Throws `notFound` without it.
    func power(_ order: PowerOrder, machine: CloudReference) async throws(CloudError)

    /// Makes the rules of a firewall exactly these.
    func setRules(_ rules: [FirewallRule], firewall: CloudReference) async throws(CloudError)

    /// Ends connections and child processes. The driver answers `cancelled` afterwards.
    func shutdown() async
}

extension CloudDriver {
    public func resources(_ kind: CloudKind, of cluster: String) async throws(CloudError) -> [CloudResource] {
        try await resources(of: cluster).filter { $0.reference.kind == kind }
    }

    /// All kinds, one list after the other.
    func resourcesByKind(of cluster: String) async throws(CloudError) -> [CloudResource] {
        var found: [CloudResource] = []
        for kind in [CloudKind.machine, .firewall, .key, .placement, .network] {
            found += try await resources(kind, of: cluster)
        }
        return found
    }
}

public enum CloudFeature: String, Sendable, Hashable, CaseIterable {
    case network, firewall, key, placement, power
    /// The console's output tells the host keys of a machine.
    case hostKeys = "host-keys"
    case prices
}

public enum PowerOrder: String, Sendable, Hashable, CaseIterable {
    case start, stop, restart
    /// Without asking the system: as if the cable were drawn.
    case kill
}
