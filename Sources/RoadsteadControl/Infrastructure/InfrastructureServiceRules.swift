import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Infrastructure services: a VPN has its own attributes, every other one an endpoint.
struct InfrastructureServiceRules: ResourceRules {
    let type = ResourceType.infrastructureService
    let isShownAsStored = true

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        try check(body)
        return ResourceDraft(body)
    }

    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        let edited = document.filter { !removed.contains($0.key) }.merging(changes)
        try check(edited)
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
