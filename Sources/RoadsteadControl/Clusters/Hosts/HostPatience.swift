import RemoteHosts
import RoadsteadBasics

/// How long, and against what, it helps to wait for a host that does not let us in yet. Pure.
struct HostPatience: Sendable {
    /// In all, from the first try.
    var limit: Duration = .seconds(600)
    /// The limit for hosts that exist: one that is off should be told while somebody still looks.
    static let existing = Duration.seconds(90)
    /// A machine that was just made may have its sshd up before the user's key is there; on others a refused key is final.
    var keyGrace: Duration = .zero
    /// Between two tries: short at first, since most hosts are up when they are asked.
    var pauses = Backoff(base: .milliseconds(500), cap: .seconds(5))

    enum Verdict: Sendable, Equatable {
        case again(after: Duration)
        case giveUp
    }

    /// After `failures` failed tries, the last of them with `error`, `elapsed` after the first began.
    func verdict(_ error: RemoteHostError, failures: Int, elapsed: Duration) -> Verdict {
        let end: Duration
        if error.mayPass {
            end = limit
        } else if error.code == .permissionDenied {
            end = keyGrace
        } else {
            return .giveUp
        }
        guard elapsed < end else { return .giveUp }
        return .again(after: min(pauses.ceiling(failures: failures), end - elapsed))
    }
}
