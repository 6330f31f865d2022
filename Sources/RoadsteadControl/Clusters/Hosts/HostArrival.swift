import RemoteHosts
import RoadsteadBasics

/// Waits until a machine can be worked on: sshd lets us in, and the first boot is over.
struct HostArrival: Sendable {
    /// What is known of a machine from then on.
    struct Arrived: Sendable {
        /// To be kept, and required from now on: on a first contact, those that it showed.
        var keys: [HostKey]
        var facts: HostFacts
    }

    var patience = HostPatience()
    var clock: any WallClock = SystemClock()

    /// Throws `RoadsteadError`: `unavailable` when it does not answer within the limit, and at once what waiting does not
    /// help against, such as a refused key or another host key than the one that is known.
    func wait(for machine: String, on hosts: ClusterHosts) async throws -> Arrived {
        do {
            let host = try await hosts.host(machine)
            // All of it: a first boot may start sshd anew, and cut us off.
            let facts = try await patiently { () throws(RemoteHostError) in
                try await host.connect()
                try await host.waitForFirstBoot()
                return try await host.facts()
            }
            return Arrived(keys: host.hostKeys(), facts: facts)
        } catch {
            try Task.checkCancellation()
            throw RoadsteadError.translating(error, doing: "enter machine \(machine)")
        }
    }

    /// Tries again as long as the patience lasts. Throws the last failure, and `CancellationError`.
    func patiently<Value>(_ attempt: () async throws(RemoteHostError) -> Value) async throws -> Value {
        let start = clock.now
        var failures = 0
        while true {
            do { return try await attempt() } catch {
                failures += 1
                switch patience.verdict(error, failures: failures, elapsed: clock.now - start) {
                case .giveUp: throw error
                case .again(let pause): try await clock.sleep(for: pause)
                }
            }
        }
    }
}
