import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Who may see what a deployment brought forth.
enum DeploymentAccess {
    /// Whoever may look at a deployment may look at its revisions.
    static func ofRevision(_ deployment: JSONObject) -> AccessList {
        guard let list = deployment["acl"].flatMap({ try? AccessList(json: $0) }) else {
            return AccessList(owners: [Principal.admin])
        }
        var grants: [AccessRight: Set<String>] = [.viewACL: Set(list.owners)]
        for right in [AccessRight.viewMeta, .viewData, .viewACL] {
            grants[right, default: []].formUnion(list.grants[right] ?? [])
        }
        return AccessList(owners: [Principal.admin], grants: grants)
    }

    /// The parameters' list follows the deployment's: its owners may edit, and whoever may look at it may look at them.
    static func ofParameter(_ deployment: JSONObject) -> AccessList {
        var list = ofRevision(deployment)
        let owner = deployment["owner"]?.stringValue ?? Principal.admin
        let id = deployment["id"]?.stringValue ?? Principal.admin
        list.grants[.editACL, default: []].formUnion([owner, id])
        return list
    }

    /// Pushes a changed list to the children.
    static func share(_ deployment: JSONObject, in transaction: StoreTransaction) throws {
        guard let id = deployment["id"]?.stringValue else { return }
        let lists = [
            ("deployment-parameter", ofParameter(deployment)), ("deployment-revision", ofRevision(deployment)),
        ]
        for (type, list) in lists {
            let json = list.normalized().json
            let query = DocumentQuery(type: type, filter: .equal("parent", .string(id)))
            for child in try transaction.query(query).documents where child["acl"] != json {
                try transaction.modify(child.id) { $0["acl"] = json }
            }
        }
    }
}
