import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Infrastructure services: a VPN has its own attributes, every other one an endpoint.
struct InfrastructureServiceRules: ResourceRules {
    let type = ResourceType.infrastructureService
    let isShownAsStored = true
    /// What the actions `stacks`, `plan` and `adopt` are done by.
    let stacks: StackRegister

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        switch action {
        case "stacks": return .value(try await stacks.list(document, body, in: scope))
        case "plan": return .value(try await stacks.plan(document, body, in: scope))
        case "adopt": return try await stacks.adopt(document, body, in: scope)
        default: throw .noSuchAction(action, document.id.description)
        }
    }

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        try check(body)
        try await LocalEndpointRules(scope: scope).check(body["endpoint"]?.stringValue)
        return ResourceDraft(body)
    }

    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        let edited = document.filter { !removed.contains($0.key) }.merging(changes)
        try check(edited)
        if edited["endpoint"] != document["endpoint"] {
            try await LocalEndpointRules(scope: scope).check(edited["endpoint"]?.stringValue)
        }
        return ResourceEdit(edited)
    }

    private static let vpnRequired = ["vpn-scope", "vpn-endpoints", "vpn-ca-certificate"]

    private func check(_ body: JSONObject) throws(RoadsteadError) {
        let isVPN = body["subtype"] == "vpn"
        let needed = isVPN ? Self.vpnRequired : ["endpoint"]
        if let missing = needed.first(where: { body[$0] == nil }) {
            throw RoadsteadError(.invalidInput, "\(type.name) is not valid: \(missing) is missing")
        }
        if !isVPN, let foreign = body.keys.first(where: { $0.hasPrefix("vpn-") }) {
            throw RoadsteadError(
                .invalidInput, "\(type.name) is not valid: \(foreign) is for services of subtype vpn only")
        }
    }
}
