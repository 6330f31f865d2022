import RoadsteadBasics
import RoadsteadClient

/// Where an application goes: an infrastructure service and the credential that opens it.
struct DeployTarget: Sendable {
    var service: JSONObject
    var credential: ResourceID

    /// `text` names an infrastructure service, or a credential of one. Without it: where the deployment of that name is
    /// already, or the only Swarm that there is. Throws conflict when that leaves a choice.
    static func find(_ text: String?, deployment: String, _ client: APIClient) async throws -> DeployTarget {
        if let text { return try await find(text, client) }
        if let present = try await ofDeployment(deployment, client) { return present }
        let query = ClientQuery(filter: "subtype='swarm'", orderBy: "name:asc", last: 20)
        let swarms = try await client.query("infrastructure-service", query).documents
        guard let only = swarms.first else {
            throw RoadsteadError(
                .notFound,
                "there is no Swarm to deploy to: make one by `roadstead cluster create NAME …`, or register one by "
                    + "`roadstead infra add swarm NAME …`")
        }
        guard swarms.count == 1 else {
            throw RoadsteadError(
                .conflict,
                "say by --on which Swarm is meant: " + swarms.map(\.title).joined(separator: ", "))
        }
        return try await credential(of: only, named: only.title, client)
    }

    private static func ofDeployment(_ name: String, _ client: APIClient) async throws -> DeployTarget? {
        guard !name.isEmpty else { return nil }
        let filter = "name=\(try FilterText.quoted(name))"
        let found = try await client.query("deployment", ClientQuery(filter: filter, last: 2)).documents
        guard found.count == 1, let parent = ResourceID(found[0].text("parent")),
            let service = ResourceID(found[0].text("infrastructure-service"))
        else { return nil }
        return DeployTarget(service: try await client.get(service), credential: parent)
    }

    private static func find(_ text: String, _ client: APIClient) async throws -> DeployTarget {
        if let id = ResourceID(text), id.type == "credential" {
            let credential = try await client.get(id)
            guard let parent = ResourceID(credential.text("parent")) else {
                throw RoadsteadError(.invalidInput, "credential '\(text)' belongs to no infrastructure service")
            }
            return DeployTarget(service: try await client.get(parent), credential: id)
        }
        let service = try await ResourceLookup.infrastructure(client).get(text)
        guard service.text("subtype") == "swarm" else {
            throw RoadsteadError(
                .invalidInput, "'\(text)' is a \(service.text("subtype")), and applications are deployed to a swarm")
        }
        return try await credential(of: service, named: text, client)
    }

    private static func credential(
        of service: JSONObject, named name: String, _ client: APIClient
    ) async throws -> DeployTarget {
        let credentials = try await ServiceCredentials.list(client, of: try service.requireID())
        guard let credential = choose(credentials) else {
            throw RoadsteadError(
                .notFound,
                "you have no credential for '\(name)': add one by `roadstead credential add swarm … --for \(name)`")
        }
        return DeployTarget(service: service, credential: try credential.requireID())
    }

    /// A valid one before one that was never checked, before one that failed.
    static func choose(_ credentials: [JSONObject]) -> JSONObject? {
        let order = ["VALID": 0, "": 1, "UNKNOWN": 1, "INVALID": 2]
        return credentials.filter { $0.text("subtype").hasSuffix("-swarm") }
            .min { (order[$0.text("status")] ?? 1) < (order[$1.text("status")] ?? 1) }
    }
}
