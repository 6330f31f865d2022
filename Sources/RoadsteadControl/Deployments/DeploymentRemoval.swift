import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// What goes along with a deployment.
enum DeploymentRemoval {
    static func children(of id: ResourceID, in transaction: StoreTransaction) throws {
        try DeploymentKey.remove(of: id, in: transaction)
        for type in ["deployment-parameter", "deployment-revision", "resource-log"] {
            try remove(type, of: id, in: transaction)
        }
    }

    /// Facts of a former run say nothing about the next one.
    static func parameters(of id: ResourceID, in transaction: StoreTransaction) throws {
        try remove("deployment-parameter", of: id, in: transaction)
    }

    private static func remove(_ type: String, of id: ResourceID, in transaction: StoreTransaction) throws {
        let query = DocumentQuery(type: type, filter: .equal("parent", .string(id.description)))
        for child in try transaction.query(query).documents { try transaction.delete(child.id) }
    }
}
