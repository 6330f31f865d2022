import DockerAPI
import Foundation
import NIOCore
import NIOHTTP1
import RoadsteadBasics

/// What an image is built of, beside the context itself.
public struct ImageBuildRequest: Hashable, Sendable {
    public var tags: [String]
    /// Within the context; nil is `Dockerfile`.
    public var dockerfile: String?
    /// The address of a repository or tar that the engine fetches, instead of a context that is sent.
    public var remote: String?
    public var arguments: [String: String] = [:]
    public var labels: [String: String] = [:]
    public var cacheFrom: [String] = []
    /// `name:address`.
    public var extraHosts: [String] = []
    public var network: String?
    public var target: String?
    /// `os/architecture`.
    public var platform: String?
    public var pullsBase = false
    public var avoidsCache = false
    /// Bytes.
    public var shmSize: Int64?

    public init(tags: [String]) { self.tags = tags }

    /// Members of the query, in the engine's spelling; mappings and lists as JSON.
    var query: EngineQuery {
        func json(_ map: [String: String]) -> String? {
            guard !map.isEmpty else { return nil }
            let members = map.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
            return JSONValue.object(JSONObject(members)).text(.canonical)
        }
        var query: EngineQuery = [
            "dockerfile": dockerfile, "remote": remote, "buildargs": json(arguments), "labels": json(labels),
            "cachefrom": cacheFrom.isEmpty ? nil : JSONValue.array(cacheFrom.map { .string($0) }).text(.canonical),
            "networkmode": network, "target": target, "platform": platform, "pull": pullsBase ? "1" : nil,
            "nocache": avoidsCache ? "1" : nil, "shmsize": shmSize.map(String.init), "rm": "1", "forcerm": "1",
        ]
        for tag in tags { query.append("t", tag) }
        for host in extraHosts { query.append("extrahosts", host) }
        return query
    }
}

extension EngineClient {
    /// `POST /build`: the engine's own builder makes an image of `context` (a tar), or of `request.remote` when that is nil.
    ///
    /// - Parameter auths: by registry, for the images that it begins with.
    /// - Returns: lines with the builder's output in `stream`; a failure is the last one.
    public func buildProgress(
        _ context: AnyByteSource?, _ request: ImageBuildRequest, auths: [String: RegistryAuth] = [:]
    ) async throws(EngineError) -> ImageProgressStream {
        let request = EngineRequest(
            method: .POST, path: "/build", query: request.query, headers: try registryConfig(auths),
            body: context.map { .stream($0) }, deadline: transport.options.longDeadline)
        return ImageProgressStream(body: try await open(request))
    }

    /// `X-Registry-Config`: all logins at once, as JSON in base64 for URLs.
    private func registryConfig(_ auths: [String: RegistryAuth]) throws(EngineError) -> [(String, String)] {
        guard !auths.isEmpty else { return [] }
        let members = auths.sorted { $0.key < $1.key }.map { registry, auth in
            (
                registry,
                JSONValue.object(
                    JSONObject(
                        [
                            ("username", auth.username), ("password", auth.password?.exposed),
                            ("identitytoken", auth.identityToken?.exposed),
                        ].compactMap { name, value in value.map { (name, JSONValue.string($0)) } }))
            )
        }
        let text = JSONValue.object(JSONObject(members)).text(.canonical)
        let base64 = Data(text.utf8).base64EncodedString()
        return [("X-Registry-Config", String(base64.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }))]
    }
}
