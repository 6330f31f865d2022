/// What an engine is (`GET /version`).
public struct EngineVersion: Codable, Hashable, Sendable {
    /// For example `20.10.24+dfsg1`.
    public var version: String
    /// The newest API version it speaks, and the oldest.
    public var apiVersion: String
    public var minAPIVersion: String?
    public var os: String?
    public var architecture: String?
    public var kernelVersion: String?
    public var gitCommit: String?

    public init(version: String, apiVersion: String, minAPIVersion: String? = nil) {
        self.version = version
        self.apiVersion = apiVersion
        self.minAPIVersion = minAPIVersion
    }

    enum CodingKeys: String, CodingKey {
        case version = "Version"
        case apiVersion = "ApiVersion"
        case minAPIVersion = "MinAPIVersion"
        case os = "Os"
        case architecture = "Arch"
        case kernelVersion = "KernelVersion"
        case gitCommit = "GitCommit"
    }
}

/// The headers of `GET /_ping`.
public struct EnginePing: Hashable, Sendable {
    /// The newest API version the engine speaks.
    public var apiVersion: String
    public var os: String?
    /// `inactive`, `pending`, `error`, `locked`, `active/manager` or `active/worker`; nil from engines that do not say (20.10).
    public var swarm: String?

    public init(apiVersion: String, os: String? = nil, swarm: String? = nil) {
        self.apiVersion = apiVersion
        self.os = os
        self.swarm = swarm
    }
}
