import RoadsteadBasics
import RoadsteadClient

/// A registry that an application's images come from, with the credential to log in there.
struct RegistryChoice: Hashable, Sendable {
    var service: ResourceID
    var credential: ResourceID

    /// `names` are credentials of registries.
    static func find(
        credentials names: [String], _ client: APIClient
    ) async throws(RoadsteadError) -> [RegistryChoice] {
        var choices: [RegistryChoice] = []
        for name in names {
            let credential = try await ResourceLookup.credentials(client).get(name)
            let kind = credential.text("subtype")
            guard kind == "infrastructure-service-registry", let service = ResourceID(credential.text("parent")) else {
                throw RoadsteadError(
                    .invalidInput, "'\(name)' is \(kind.isEmpty ? "no" : "a \(kind), not a") credential of a registry")
            }
            choices.append(RegistryChoice(service: service, credential: try credential.requireID()))
        }
        return choices
    }

    /// `names` are infrastructure services of type registry.
    static func find(_ names: [String], _ client: APIClient) async throws(RoadsteadError) -> [RegistryChoice] {
        var choices: [RegistryChoice] = []
        for name in names {
            let service = try await ResourceLookup.infrastructure(client).get(name)
            guard service.text("subtype") == "registry" else {
                throw RoadsteadError(.invalidInput, "'\(name)' is a \(service.text("subtype")), not a registry")
            }
            let id = try service.requireID()
            guard let credential = try await ServiceCredentials.list(client, of: id).first else {
                throw RoadsteadError(
                    .notFound,
                    "you have no credential for '\(name)': add one by `roadstead credential add registry … --for \(name)`"
                )
            }
            choices.append(RegistryChoice(service: id, credential: try credential.requireID()))
        }
        return choices
    }
}
