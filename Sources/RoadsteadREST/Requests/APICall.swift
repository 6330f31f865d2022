import RoadsteadBasics

/// What a method and a path ask for, before anything is known about types: the uniform routes of the dialect.
enum APICall: Hashable {
    case options
    case entryPoint
    case editEntryPoint
    case openAPI
    case add(type: String)
    case query(type: String)
    case bulkDelete(type: String)
    case bulkAction(type: String, action: String)
    case retrieve(ResourceID)
    case edit(ResourceID)
    case delete(ResourceID)
    case perform(action: String, ResourceID)
    /// 302 to the cloud entry point.
    case redirect
    case health
    case ready
    case metrics
    /// 405 with the path as resource id.
    case invalidMethod(path: String)
    /// 404.
    case unknown(path: String)

    /// `path` is decoded and has no query. HEAD asks for what GET does; actions take any method.
    init(method: String, path: String) {
        let method = method == "HEAD" ? "GET" : method
        switch (method, path) {
        case ("OPTIONS", _): self = .options
        case ("GET", "/health"): self = .health
        case ("GET", "/ready"): self = .ready
        case ("GET", "/metrics"): self = .metrics
        case ("GET", "/api/openapi.json"): self = .openAPI
        case (_, _) where !path.hasPrefix("/api/") || path == "/api/": self = .redirect
        default: self = Self.underAPI(method, String(path.dropFirst(5)))
        }
    }

    private static func underAPI(_ method: String, _ path: String) -> APICall {
        if path == "cloud-entry-point" { return entryPoint(method, path: path) }
        // Workflows of other systems, and files: there are none yet.
        if path.hasPrefix("hook/") || path.hasPrefix("static/") { return .unknown(path: path) }
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard segments.allSatisfy({ !$0.isEmpty }) else { return .unknown(path: path) }
        switch segments.count {
        case 1: return collection(method, type: segments[0])
        case 2: return resource(method, segments[0], segments[1], path: path)
        case 3: return action(segments, path: path)
        case 4 where segments[2] == "stream": return stream(segments, path: path)
        default: return .unknown(path: path)
        }
    }

    private static func entryPoint(_ method: String, path: String) -> APICall {
        switch method {
        case "GET": .entryPoint
        case "PUT": .editEntryPoint
        default: .invalidMethod(path: path)
        }
    }

    private static func collection(_ method: String, type: String) -> APICall {
        switch method {
        case "POST": .add(type: type)
        case "GET", "PUT": .query(type: type)
        case "DELETE": .bulkDelete(type: type)
        default: .invalidMethod(path: type)
        }
    }

    private static func resource(_ method: String, _ type: String, _ identifier: String, path: String) -> APICall {
        if method == "PATCH" { return .bulkAction(type: type, action: identifier) }
        guard let id = ResourceID(path) else { return .unknown(path: path) }
        switch method {
        case "GET": return .retrieve(id)
        case "PUT": return .edit(id)
        case "DELETE": return .delete(id)
        default: return .invalidMethod(path: path)
        }
    }

    /// `deployment/<uuid>/stream/logs` is the action `stream/logs`.
    private static func stream(_ segments: [String], path: String) -> APICall {
        guard let id = ResourceID(segments[0] + "/" + segments[1]) else { return .unknown(path: path) }
        return .perform(action: "stream/" + segments[3], id)
    }

    private static func action(_ segments: [String], path: String) -> APICall {
        guard let id = ResourceID(segments[0] + "/" + segments[1]) else { return .unknown(path: path) }
        return .perform(action: segments[2], id)
    }
}
