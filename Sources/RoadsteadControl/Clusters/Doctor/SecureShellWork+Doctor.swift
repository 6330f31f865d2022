import RemoteHosts
import RoadsteadBasics
import RoadsteadModel

extension SecureShellWork {
    func examine(_ machine: String, authority: String?) async throws -> DoctorHost {
        do {
            let host = try await hosts.host(machine)
            try await host.connect()
            let clock = ContinuousClock()
            let (before, start) = (SystemClock().now, clock.now)
            let time = try await host.time()
            let taken = Int(((clock.now - start) / .milliseconds(1)).rounded())
            var found = DoctorHost(try await host.health(), authority: authority)
            // Somewhere on the way there and back it read its clock.
            found.clockAhead = time - Int(before.millisecondsSinceEpoch) - taken / 2
            found.clockError = taken / 2
            found.address = host.login.address.host
            return found
        } catch {
            try Task.checkCancellation()
            throw RoadsteadError.translating(error, doing: "look at machine \(machine)")
        }
    }

    func ways(_ nodes: [NodePlace]) async throws -> DoctorWays {
        let places = nodes.map { NodePaths.Node(name: $0.name, address: $0.address, role: $0.role) }
        let report = try await NodePaths().check(places, on: hosts)
        return DoctorWays(shut: report.sentences, mtu: report.mtu)
    }

    func tryOverlay(of machines: [String], at manager: String) async throws -> DoctorOverlay {
        let trial = OverlayTrial(hosts: hosts, machines: machines, manager: manager)
        do { return try await trial.run() } catch {
            try Task.checkCancellation()
            throw RoadsteadError.translating(error, doing: "try an overlay network")
        }
    }
}

extension DoctorHost {
    init(_ health: HostHealth, authority: String?) {
        self.init()
        disk = health.disk.map { Room(free: $0.free, total: $0.total) }
        inodes = health.inodes.map { Room(free: $0.free, total: $0.total) }
        memory = health.memory.map { Room(free: $0.free, total: $0.total) }
        (hostName, machineID) = (health.hostName, health.machineID)
        isClockSynchronized = health.isClockSynchronized
        (lookedUp, isNameFound) = (health.lookedUp, health.isNameFound)
        (loggingDriver, hasLogLimit) = (health.loggingDriver, health.hasLogLimit)
        (forwardsPackets, hasIPVS) = (health.forwardsPackets, health.hasIPVS)
        leftovers = health.usage.map { Leftover(kind: $0.kind, size: $0.size, reclaimable: $0.reclaimable) }
        certificate = health.certificate.flatMap { Certificate(pem: $0, authority: authority ?? health.authority) }
    }
}
