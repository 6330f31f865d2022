import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Groups of infrastructure services: a single read lists the services, and a group that has some stays.
struct ServiceGroupRules: ResourceRules {
    let type = ResourceType.infrastructureServiceGroup

    func present(_ document: JSONObject, of id: ResourceID, in scope: RequestScope) async throws -> JSONObject {
        // Who sees no more of the group than that it exists does not see its services either.
        guard let stored = try await scope.store.find(id), scope.rights(on: stored.body).contains(.viewData) else {
            return document
        }
        let query = DocumentQuery(
            type: ResourceType.infrastructureService.name, filter: .equal("parent", .string(id.description)),
            visibleTo: scope.requester.isAdmin ? nil : scope.requester.claims)
        var shown = document
        let services = try await scope.store.query(query).documents
        shown["infrastructure-services"] = .array(services.map { ["href": .string($0.id.description)] })
        return shown
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        let query = DocumentQuery(
            type: ResourceType.infrastructureService.name, filter: .equal("parent", .string(document.id.description)),
            last: 0)
        let count = try transaction.query(query).count
        guard count == 0 else {
            throw RoadsteadError(
                .conflict, "\(document.id) still has \(count) infrastructure service(s); remove those first",
                context: ["resource-id": document.id.description])
        }
    }
}
