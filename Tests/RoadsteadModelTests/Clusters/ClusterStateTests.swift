import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite("The lives of clusters and machines")
struct ClusterStateTests {
    @Test("what a state allows can be begun, anything else is refused with what can be asked for instead")
    func beginning() throws {
        for state in ClusterState.allCases {
            for operation in ClusterOperation.allCases {
                if state.allows(operation) {
                    #expect(try state.beginning(operation) == operation.stateWhileRunning ?? state)
                } else {
                    let error = #expect(throws: RoadsteadError.self) { try state.beginning(operation) }
                    #expect(error?.code == .invalidState)
                    #expect(error?.message.contains(state.rawValue) == true)
                }
            }
        }
    }

    @Test(
        "a cluster that may have machines can be terminated from everywhere but termination itself, and never deleted")
    func neverForgotten() {
        for state in ClusterState.allCases where state.mayHaveMachines {
            #expect(!state.allows(.delete))
            #expect(state.allows(.terminate) || state == .terminating)
        }
    }

    @Test("a making that failed is tried again, undone or terminated; a change that failed leaves a usable cluster")
    func endings() {
        #expect(ClusterState.creating.ending(.create, succeeded: false) == .error)
        #expect([.create, .undo, .terminate].allSatisfy(ClusterState.error.allows))
        #expect(ClusterState.changing.ending(.apply, succeeded: false).isUsable)
        #expect(ClusterState.terminating.ending(.undo, succeeded: true) == .created)
        #expect(ClusterState.ready.observing(isHealthy: false) == .degraded)
        #expect(ClusterState.changing.observing(isHealthy: false) == .changing)
    }

    @Test("every state of a machine but the last leads to its removal, and nothing leads back from there")
    func machines() {
        for state in MachineState.allCases where state != .removed {
            #expect(reachable(from: state).contains(.removed), "\(state)")
        }
        #expect(reachable(from: .removing) == [.removed])
        #expect(!MachineState.planned.mayBecome(.running))
        #expect(MachineState.allCases.filter { !$0.mayExist } == [.planned, .removed])
    }

    private func reachable(from state: MachineState) -> Set<MachineState> {
        var found: Set<MachineState> = []
        var open = Array(state.successors)
        while let next = open.popLast() {
            if found.insert(next).inserted { open += next.successors }
        }
        return found
    }
}
