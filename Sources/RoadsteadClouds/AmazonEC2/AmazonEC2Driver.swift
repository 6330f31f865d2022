import Logging
import RoadsteadBasics
import Synchronization

/// Amazon's EC2, and what speaks its query API: instances, key pairs, security groups, networks and spread placement
/// groups of one account in one region.
///
/// Where no network is asked for, things are made in the account's default VPC.
public final class AmazonEC2Driver: CloudDriver {
    public let name = "amazonec2"
    public let features: Set<CloudFeature> = [.network, .firewall, .key, .placement, .power, .hostKeys]

    let ec2: EC2Caller
    /// Of instances whose console told them once; asking again costs a call, and consoles forget.
    let hostKeys = Mutex<[String: [String]]>([:])
    private let locks = KeyedLock<CloudTag>()

    /// `authorities`: PEM of those to trust instead of the system's. `deadline`: of one call. `pageSize`: 5 to 1000.
    ///
    /// Throws `invalidRequest` for what is no region, no endpoint, or no certificate.
    public init(
        credential: AmazonEC2Credential, authorities: String? = nil, clock: any WallClock = SystemClock(),
        deadline: Duration = .seconds(30), pageSize: Int = 500, logger: Logger
    ) throws(CloudError) {
        ec2 = try EC2Caller(
            credential, authorities: authorities, clock: clock, deadline: deadline,
            pageSize: min(max(5, pageSize), 1000), logger: logger)
    }

    public func shutdown() async { await ec2.shutdown() }

    /// `DescribeAvailabilityZones`.
    public func check() async throws(CloudError) { _ = try await zones() }

    /// Looks for the tag first: of all that EC2 makes, only machines have a client token, and that lives for a day.
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
        switch kind {
        case .network: try await networks { $0.having(cluster: cluster) }
        case .firewall: try await firewalls { $0.having(cluster: cluster) }
        case .key: try await keys { $0.having(cluster: cluster) }
        case .placement: try await placements { $0.having(cluster: cluster) }
        case .machine: try await machines { $0.having(cluster: cluster) }
        }
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
}
