import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics

/// Who is in a cluster's Swarm, and as what: by the API of its engines, with mutual TLS, at `https://ADDRESS:2376`.
///
/// Every call may be made again: what is as it should be already is left alone. What belongs to the Swarm as a whole is
/// asked of `managers`, of which some may be dead: one after the other, until one answers for its Swarm; while they elect a
/// leader they are asked again. All errors are `RoadsteadError`, those that may pass `unavailable`, and `CancellationError`.
public struct SwarmMembership: Sendable {
    let times: SwarmTimes
    let clock: any WallClock
    let logger: Logger
    private let endpoint: @Sendable (String) -> EngineEndpoint

    /// - Parameter authority: PEM of the cluster's own.
    init(authority: String, client: IssuedCertificate, clock: any WallClock = SystemClock(), logger: Logger) {
        let tls = EngineTLS(ca: authority, certificate: client.certificate, key: client.key)
        self.init(clock: clock, logger: logger) { .tcp(host: $0, port: 2376, tls: tls) }
    }

    /// `endpoint` tells where the engine of an address listens.
    init(
        times: SwarmTimes = SwarmTimes(), clock: any WallClock = SystemClock(), logger: Logger,
        endpoint: @escaping @Sendable (String) -> EngineEndpoint
    ) {
        (self.times, self.clock, self.logger, self.endpoint) = (times, clock, logger, endpoint)
    }

    // MARK: - Ways to engines

    /// Runs `body` with a client of one engine, shut down afterwards.
    func at<Value: Sendable>(
        _ address: String, doing: String, _ body: (EngineClient) async throws -> Value
    ) async throws -> Value {
        do { return try await connected(address, times.engine, body) } catch { throw try translated(error, doing) }
    }

    /// Runs `body` with a client of the first of `managers` that answers for its Swarm.
    func asking<Value: Sendable>(
        _ managers: [String], doing: String, _ body: (EngineClient) async throws -> Value
    ) async throws -> Value {
        guard !managers.isEmpty else {
            throw RoadsteadError(.invalidState, "cannot \(doing): the cluster has no manager that could be asked")
        }
        let end = clock.now + times.election
        while true {
            var failures: [RoadsteadError] = []
            for manager in managers {
                do { return try await connected(manager, times.manager, body) } catch {
                    let failure = try translated(error, doing)
                    guard (error as? EngineError)?.isOfThisManager == true else { throw failure }
                    failures.append(failure)
                }
            }
            let leaderless = failures.first(where: \.isSwarmWithoutLeader)
            guard leaderless != nil, clock.now < end else { throw Self.summary(leaderless ?? failures[0], failures) }
            try await clock.sleep(for: times.pause)
        }
    }

    private func connected<Value: Sendable>(
        _ address: String, _ options: EngineOptions, _ body: (EngineClient) async throws -> Value
    ) async throws -> Value {
        let client = try EngineClient(endpoint: endpoint(address), options: options, logger: logger)
        do {
            let value = try await body(client)
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func translated(_ error: any Error, _ doing: String) throws -> RoadsteadError {
        try Task.checkCancellation()
        if let error = error as? CancellationError { throw error }
        return RoadsteadError.translating(error, doing: doing)
    }

    private static func summary(_ failure: RoadsteadError, _ all: [RoadsteadError]) -> RoadsteadError {
        guard all.count > 1 else { return failure }
        var failure = failure
        failure.message += "; none of the cluster's \(all.count) managers answers for it"
        return failure
    }
}

extension EngineError {
    /// Whether another manager may answer the same call: this one is out of reach, no manager, locked, or without a leader.
    fileprivate var isOfThisManager: Bool {
        switch kind {
        case .unreachable, .nameNotFound, .timeout, .protocolViolation, .notTLS, .tlsRequired, .tlsNotTrusted,
            .tlsNameMismatch, .certificateExpired, .clientCertificateRefused, .clientCertificateMissing,
            .versionUnsupported:
            true
        case .engine:
            isNotSwarmManager || message.contains("needs to be unlocked")
                || RoadsteadError(self).isSwarmWithoutLeader
        case .limitExceeded, .invalidInput, .cancelled: false
        }
    }
}
