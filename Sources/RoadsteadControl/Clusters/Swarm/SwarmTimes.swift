import DockerClient

/// How long a Swarm is waited for. Measured on lab hosts with engines 20.10 and 26.1; see Lab/README.md, pitfalls.
struct SwarmTimes: Sendable {
    /// Until a new leader is there: 30 s after one was lost.
    var election: Duration = .seconds(60)
    /// Until an engine that joins is let in; it goes on trying after its own answer, which comes after 20 s.
    var joining: Duration = .seconds(120)
    /// Until a new manager has caught up, or one that was demoted is out of the raft.
    var roleChange: Duration = .seconds(120)
    /// Until the managers count one that is new among those they reach: a second or two.
    var quorum: Duration = .seconds(10)
    /// Until an engine that leaves has cleared its Swarm's folder.
    var leaving: Duration = .seconds(30)
    /// Until a node that left is seen as down: 12 to 15 s for a worker, 40 to 60 s for a manager.
    var down: Duration = .seconds(75)
    /// Between two looks.
    var pause: Duration = .seconds(1)

    /// One that is to join or leave: it answers after 20 s at the latest, whatever came of it.
    var engine: EngineOptions = {
        var options = EngineOptions()
        options.longDeadline = .seconds(120)
        return options
    }()

    /// A manager that may be dead must not hold up the others. One that lost its quorum answers after 25 to 30 s.
    var manager: EngineOptions = {
        var options = EngineOptions()
        options.connectTimeout = .seconds(5)
        options.deadline = .seconds(35)
        options.longDeadline = .seconds(60)
        return options
    }()
}
