import Foundation
import Logging
import RoadsteadBasics

/// Exoscale: instances, SSH keys, security groups, private networks and anti-affinity groups of one organization in one
/// zone.
///
/// Groups and keys are the organization's, in all zones; instances and private networks are the zone's.
public final class ExoscaleDriver: CloudDriver {
    public let name = "exoscale"
    public let features: Set<CloudFeature> = [.network, .firewall, .key, .placement, .power]

    let exoscale: ExoscaleCaller
    /// One at a time looks for a free address in a network.
    let addressing = KeyedLock<String>()
    private let locks = KeyedLock<CloudTag>()

    var zone: String { exoscale.address.zone }

    /// Exoscale's own API; `ZONE` stands for the zone.
    public static let endpoint = ExoscaleAddress.template

    /// `endpoint`: the server's configuration, never a user's. `authorities`: PEM of those to trust instead of the system's.
    /// `deadline`: of one call; what an operation takes is the pace's.
    ///
    /// Throws `invalidRequest` for what is no zone, no endpoint, or no certificate.
    public init(
        credential: ExoscaleCredential, endpoint: String = ExoscaleDriver.endpoint, authorities: String? = nil,
        clock: any WallClock = SystemClock(), deadline: Duration = .seconds(30), pace: ExoscalePace = ExoscalePace(),
        logger: Logger
    ) throws(CloudError) {
        exoscale = try ExoscaleCaller(
            credential, endpoint: endpoint, authorities: authorities, clock: clock, deadline: deadline, pace: pace,
            logger: logger)
    }

    public func shutdown() async { await exoscale.shutdown() }

    /// `list-ssh-keys`: the shortest of the lists that a cluster needs.
    public func check() async throws(CloudError) { _ = try await keys() }

    /// Looks for the tag first: Exoscale has no client tokens.
    public func make(_ request: CloudRequest, tag: CloudTag) async throws(CloudError) -> CloudResource {
        try await locks.alone(tag.step) { () throws(CloudError) in
            switch request {
            case .network(let network): try await makeNetwork(network, tag)
            case .firewall(let firewall): try await makeFirewall(firewall, tag)
            case .key(let key): try await makeKey(key, tag)
            case .placement: try await makePlacement(tag)
            case .machine(let machine): try await makeMachine(machine, tag)
            }
        }
    }

    public func resource(_ reference: CloudReference) async throws(CloudError) -> CloudResource? {
        switch reference.kind {
        case .network: try await network(reference.id)
        case .firewall: try await firewall(reference.id)
        case .key: try await key(reference.id)
        case .placement: try await placement(reference.id)
        case .machine: try await machine(reference.id)
        }
    }

    public func resources(of cluster: String) async throws(CloudError) -> [CloudResource] {
        try await resourcesByKind(of: cluster)
    }

    public func resources(_ kind: CloudKind, of cluster: String) async throws(CloudError) -> [CloudResource] {
        let all =
            switch kind {
            case .network: try await networks()
            case .firewall: try await firewalls()
            case .key: try await keys()
            case .placement: try await placements()
            case .machine: try await machines { $0.cluster == cluster }
            }
        return all.filter { $0.tag?.cluster == cluster }
    }

    public func remove(_ reference: CloudReference) async throws(CloudError) {
        switch reference.kind {
        case .network: try await removeNetwork(reference.id)
        case .firewall: try await removeFirewall(reference.id)
        case .key: try await removeKey(reference.id)
        case .placement: try await removePlacement(reference.id)
        case .machine: try await removeMachine(reference.id)
        }
    }

    /// nil: Exoscale has nothing of such an id, and it is not asked.
    static func checkedID(_ id: String) -> String? { UUID(uuidString: id) == nil ? nil : id.lowercased() }
}
