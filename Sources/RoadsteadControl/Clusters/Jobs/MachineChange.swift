import RoadsteadBasics
import RoadsteadModel

/// What can be asked of one machine and is an operation of its cluster. Raw values are the wire's.
enum MachineChange: String, Sendable, Hashable, CaseIterable {
    case remove
    case upgrade
    case regenerateCertificates = "regenerate-certs"

    var jobAction: String { rawValue.replacing("-", with: "_") + "_machine" }

    /// The cluster's operation that is like it: it tells the states in which it may begin and how it ends.
    var operation: ClusterOperation { self == .remove ? .repair : .upgrade }

    /// It, and of which machine.
    struct Order: Sendable, Hashable {
        let change: MachineChange
        let machine: String

        /// Of the journal.
        var graph: String { "\(change.rawValue)-machine" }

        /// `specification` is what is there, for a removal without the machine already.
        func plan(
            _ specification: ClusterSpecification, _ facts: ClusterFacts
        ) throws(RoadsteadError) -> ClusterPlan {
            switch change {
            case .remove: try ClusterPlan.removal(of: machine, specification, facts)
            case .upgrade: try ClusterPlan.upgrade(specification, facts, UpgradeWish(machine: machine))
            case .regenerateCertificates:
                try ClusterPlan.upgrade(specification, facts, UpgradeWish(machine: machine, certificatesOnly: true))
            }
        }
    }
}
