import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Settings, one document a service (`configuration/nuvla`) or a service's instance (`configuration/vpn-api-main`).
struct ConfigurationRules: ResourceRules {
    let type = ResourceType.configuration

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let service = body["service"]?.stringValue ?? ""
        var configuration = body
        configuration["template"] = ["href": .string("\(type.name)-template/\(service)")]
        let instance = body["instance"]?.stringValue.map { "-" + $0 } ?? ""
        return ResourceDraft(configuration, identifier: service + instance)
    }
}
