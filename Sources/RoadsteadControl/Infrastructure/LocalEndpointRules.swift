import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Who may make the server call its own machine. Its engine's socket is root there, and what listens on loopback trusts
/// whoever is already in.
struct LocalEndpointRules {
    let scope: RequestScope

    /// Throws `forbidden` for an endpoint on this machine, unless an administrator says it or everybody may.
    func check(_ endpoint: String?) async throws {
        guard let endpoint, LocalEndpoint.isLocal(endpoint), try await !mayUse() else { return }
        throw RoadsteadError(
            .forbidden,
            "endpoint '\(endpoint.prefix(200))' leads to the machine that this server runs on: only administrators may "
                + "register that; give the address of another machine, or ask one of \(Principal.admin)")
    }

    /// Administrators need not switch to their group for it.
    private func mayUse() async throws -> Bool {
        if scope.context.localEndpoints == .everybody || scope.requester.isAdmin { return true }
        guard let user = scope.requester.userID, let id = ResourceID(Principal.admin) else { return false }
        return try await scope.store.find(id).map { Membership.users($0.body).contains(user) } ?? false
    }
}

/// A Swarm credential that proves nothing: the engine lets everybody in who can reach it, and the server can.
struct OpenDoorRules {
    let scope: RequestScope

    /// Throws `forbidden` unless the caller may edit the service, which is the right to say who may use its engine.
    /// Certificates prove nothing to a socket.
    func check(_ credential: JSONObject) async throws {
        guard credential["subtype"]?.stringValue == CheckedCredential.swarm.rawValue,
            let id = credential["parent"]?.stringValue.flatMap({ ResourceID($0) }),
            let service = try await scope.store.find(id)
        else { return }
        let isSocket = LocalEndpoint.isSocket(service["endpoint"]?.stringValue ?? "")
        if !isSocket, credential["cert"] != nil, credential["key"] != nil { return }
        guard !scope.rights(on: service.body).contains(.editData) else { return }
        throw RoadsteadError(
            .forbidden,
            "only who may edit \(id) may add a credential to it without a client certificate; give cert and key",
            context: ["resource-id": id.description])
    }
}
