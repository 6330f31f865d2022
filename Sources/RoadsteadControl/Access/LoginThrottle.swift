import Logging
import RoadsteadBasics
import RoadsteadModel
import Synchronization

/// Slows guessing of passwords and secrets down, and then refuses it for minutes.
///
/// Failures count for a name from one address, for an address, and for a name from anywhere; `FailureLedger` has the
/// figures. They are kept in memory: a restart forgets them, and no lock outlives its minutes.
public final class LoginThrottle: Sendable {
    /// A try that has been let through and counts as failed until it is told otherwise.
    struct Attempt: Sendable {
        fileprivate let name: String
        fileprivate let network: String
    }

    private let ledger: Mutex<FailureLedger>

    public init(capacity: Int = 20_000) { ledger = Mutex(FailureLedger(capacity: capacity)) }

    /// Throws `limitExceeded` with the moment to try again at; nothing is looked up or computed then, so that the refusal
    /// says nothing about the name.
    func admit(_ name: String, from address: String?, at now: Instant) throws(RoadsteadError) -> Attempt {
        let attempt = Attempt(name: String(name.prefix(200)), network: Network.key(of: address))
        let reopening = ledger.withLock { $0.admit(attempt.name, from: attempt.network, at: now) }
        guard let reopening else { return attempt }
        let seconds = max(1, ((reopening - now).wholeMilliseconds + 999) / 1000)
        throw RoadsteadError(
            .limitExceeded,
            "too many failed logins; try again in \(seconds) second\(seconds == 1 ? "" : "s"), at \(reopening)",
            context: ["retry-after": "\(seconds)"])
    }

    func succeeded(_ attempt: Attempt, at now: Instant) {
        ledger.withLock { $0.succeeded(attempt.name, from: attempt.network, at: now) }
    }

    /// The try came to no verdict: it does not count.
    func withdrawn(_ attempt: Attempt, at now: Instant) {
        ledger.withLock { $0.withdrawn(attempt.name, from: attempt.network, at: now) }
    }

    /// Runs a check of a password or a secret. Throws what it throws; `forbidden` is a failure, anything else no verdict.
    func guarding<Value: Sendable>(
        _ name: String, in scope: RequestScope, _ check: () async throws -> Value
    ) async throws -> Value {
        let attempt = try admit(name, from: scope.clientAddress, at: scope.now)
        do {
            let value = try await check()
            succeeded(attempt, at: scope.now)
            return value
        } catch {
            if (error as? RoadsteadError)?.code != .forbidden {
                withdrawn(attempt, at: scope.now)
            } else {
                // No event: strangers must not fill the store. As many lines as guesses are let through.
                scope.logger.warning(
                    "login failed",
                    metadata: ["name": "\(name.prefix(100))", "address": "\(scope.clientAddress ?? "")"])
            }
            throw error
        }
    }
}
