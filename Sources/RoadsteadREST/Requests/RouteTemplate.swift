import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// The place of a request in the bounded set of routes, and what is allowed there.
struct RouteTemplate {
    let catalog: ResourceCatalog

    /// Such as `/api/job/{uuid}/cancel`: names of types and actions that there are, and placeholders for all else.
    func name(_ call: APICall) -> String {
        switch call {
        case .options, .redirect, .unknown, .invalidMethod: "other"
        case .entryPoint, .editEntryPoint: "/api/cloud-entry-point"
        case .openAPI: "/api/openapi.json"
        case .health: "/health"
        case .ready: "/ready"
        case .metrics: "/metrics"
        case .add(let type), .query(let type), .bulkDelete(let type): "/api/" + known(type)
        case .bulkAction(let type, let action): "/api/\(known(type))/" + bulk(action, type)
        case .retrieve(let id), .edit(let id), .delete(let id): "/api/\(known(id.type))/{uuid}"
        case .perform(let action, let id): "/api/\(known(id.type))/{uuid}/" + self.action(action, id.type)
        }
    }

    private func known(_ type: String) -> String { catalog.type(type) == nil ? "{type}" : type }

    private func action(_ name: String, _ type: String) -> String {
        catalog.type(type)?.action(named: name) == nil ? "{action}" : name
    }

    private func bulk(_ name: String, _ type: String) -> String {
        catalog.type(type)?.bulkAction(named: name) == nil ? "{action}" : name
    }

    /// The `Allow` header of a 405 at a path under `/api/`.
    func allowed(at path: String) -> String {
        let parts = path.split(separator: "/").dropFirst().map(String.init)
        if parts == ["cloud-entry-point"] { return "GET, HEAD, PUT, OPTIONS" }
        guard let name = parts.first, let type = catalog.type(name) else { return "OPTIONS" }
        var methods: [String] = []
        if parts.count == 1 {
            if type.verbs.contains(.query) { methods += ["GET", "HEAD", "PUT"] }
            if type.verbs.contains(.add) { methods.append("POST") }
            if type.verbs.contains(.bulkDelete) { methods.append("DELETE") }
        } else {
            if type.verbs.contains(.retrieve) { methods += ["GET", "HEAD"] }
            if type.verbs.contains(.edit) { methods.append("PUT") }
            if type.verbs.contains(.delete) { methods.append("DELETE") }
        }
        return (methods + ["OPTIONS"]).joined(separator: ", ")
    }
}
