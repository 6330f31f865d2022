import Logging
import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadStore

/// One cluster and all ways to it, for the time of a job or a request: its documents, its driver, its hosts, its Swarm.
struct ClusterSite: Sendable {
    let id: ResourceID
    /// What is to be brought about.
    let specification: ClusterSpecification
    let store: DocumentStore
    let tools: ClusterTools
    /// nil for hosts that exist.
    let driver: (any CloudDriver)?
    let hosts: any ClusterHostWork
    private let entrance: SwarmEntrance
    private let offer: CloudOffer?
    let clock: any WallClock
    let logger: Logger

    /// Runs `body` with the ways open, and closes them afterwards.
    static func with<Value: Sendable>(
        _ cluster: ClusterDocument, _ specification: ClusterSpecification, tools: ClusterTools, store: DocumentStore,
        clock: any WallClock, logger: Logger, _ body: (ClusterSite) async throws -> Value
    ) async throws -> Value {
        let credential = try await specification.credential.asyncMap { try await store.find($0) } ?? nil
        let secrets = DriverSecrets(credential: credential, store: store)
        let site = ClusterSite(
            cluster.id, specification, tools, try await tools.drivers.open(specification, secrets, logger: logger),
            store: store, clock: clock, logger: logger)
        do {
            let value = try await body(site)
            await site.close()
            return value
        } catch {
            await site.close()
            throw error
        }
    }

    private init(
        _ id: ResourceID, _ specification: ClusterSpecification, _ tools: ClusterTools, _ driver: (any CloudDriver)?,
        store: DocumentStore, clock: any WallClock, logger: Logger
    ) {
        (self.id, self.specification, self.tools, self.driver) = (id, specification, tools, driver)
        (self.store, self.clock, self.logger) = (store, clock, logger)
        let logins = ClusterLogins(store: store, cluster: id)
        hosts = tools.outside.hosts { try await logins.login($0) }
        offer = driver.map(CloudOffer.init)
        entrance = SwarmEntrance(cluster: id, store: store, outside: tools.outside, clock: clock, logger: logger)
    }

    private func close() async {
        await hosts.close()
        await driver?.shutdown()
    }

    /// The Swarm's engines, as a client of the cluster's authority. Throws `invalidState` before there is one.
    func swarm() async throws -> any ClusterSwarmWork { try await entrance.swarm() }

    /// What the driver's cloud has; asked once. nil for hosts that exist. Throws `CloudError`.
    func catalog() async throws -> CloudCatalog? { try await offer?.catalog() }

    func document() async throws -> ClusterDocument { ClusterDocument(try await store.get(id)) }

    func machine(_ name: String) async throws -> MachineDocument { try await store.machine(name, of: id) }

    /// The engines' addresses of the managers that are nodes, but for `machine`'s. Those that ran when they were last looked
    /// at come first: the others may take the time of a connection that nobody answers.
    func managers(without machine: String? = nil) async throws -> [String] {
        let nodes = try await store.managers(of: id).filter { $0.isNode && $0.name != machine }
        let running = nodes.filter { $0.state == .running }
        return (running + nodes.filter { $0.state != .running }).compactMap(\.address)
    }

    /// What the firewall is to let in, with what is known of this server's own address.
    func doors() async throws -> ClusterDoors {
        let known = tools.publicAddresses
        return ClusterDoors(
            specification: specification, controlPlane: known.isEmpty ? try await document().seenFrom : known)
    }

    func tag(_ token: String, name: String) -> CloudTag {
        CloudTag(cluster: id.identifier, token: token, name: name)
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await body(self)
    }
}

/// A cloud's catalogue, which every machine is asked for by and which takes many calls to read: read once for all.
private actor CloudOffer {
    private let driver: any CloudDriver
    private var reading: Task<CloudCatalog, any Error>?

    init(_ driver: any CloudDriver) { self.driver = driver }

    func catalog() async throws -> CloudCatalog {
        // A task of its own: it is read for all who ask, also when the first of them is cancelled.
        let task = reading ?? Task { [driver] in try await driver.catalog() }
        reading = task
        do { return try await task.value } catch {
            if reading == task { reading = nil }
            throw error
        }
    }
}

/// Opens the way to a cluster's engines when it is asked for first: before that there may be no authority.
private actor SwarmEntrance {
    private let cluster: ResourceID
    private let store: DocumentStore
    private let outside: any ClusterOutside
    private let clock: any WallClock
    private let logger: Logger
    private var opened: (any ClusterSwarmWork)?

    /// Longer than any job lasts.
    private static let lifetime = Duration.seconds(7 * 86_400)

    init(
        cluster: ResourceID, store: DocumentStore, outside: any ClusterOutside, clock: any WallClock, logger: Logger
    ) {
        (self.cluster, self.store, self.outside) = (cluster, store, outside)
        (self.clock, self.logger) = (clock, logger)
    }

    func swarm() async throws -> any ClusterSwarmWork {
        if let opened { return opened }
        let authority = try await ClusterSecrets.authority(of: cluster, in: store)
        let client = try authority.client("roadstead", lifetime: Self.lifetime, now: clock.now)
        let swarm = try outside.swarm(authority: authority.certificate, client: client, logger: logger)
        opened = opened ?? swarm
        return opened ?? swarm
    }
}
