import RoadsteadBasics

/// The Swarm itself (`GET /swarm`). Its join tokens let any host in, so that they do not show themselves.
public struct SwarmCluster: Decodable, Hashable, Sendable {
    public var id: String
    public var version: ObjectVersion
    public var createdAt: Instant?
    public var updatedAt: Instant?
    public var joinTokens: JoinTokens
    public var dataPathPort: UInt32?
    public var defaultAddrPool: [String]?
    public var rootRotationInProgress: Bool?
    public var spec: SwarmSpec?
    public var tlsInfo: TLSInfo?

    /// What its nodes trust each other by.
    public struct TLSInfo: Decodable, Hashable, Sendable {
        /// PEM.
        public var trustRoot: String?

        enum CodingKeys: String, CodingKey { case trustRoot = "TrustRoot" }
    }

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case version = "Version"
        case createdAt = "CreatedAt"
        case updatedAt = "UpdatedAt"
        case spec = "Spec"
        case tlsInfo = "TLSInfo"
        case joinTokens = "JoinTokens"
        case dataPathPort = "DataPathPort"
        case defaultAddrPool = "DefaultAddrPool"
        case rootRotationInProgress = "RootRotationInProgress"
    }
}

public struct JoinTokens: Decodable, Hashable, Sendable {
    public let worker: Redacted<String>
    public let manager: Redacted<String>

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        worker = Redacted(try container.decode(String.self, forKey: .worker))
        manager = Redacted(try container.decode(String.self, forKey: .manager))
    }

    enum CodingKeys: String, CodingKey {
        case worker = "Worker"
        case manager = "Manager"
    }
}

/// Body of `POST /swarm/init`.
public struct SwarmInit: Encodable, Hashable, Sendable {
    /// `address:port` or an interface; where managers listen to each other.
    public var listenAddr: String
    /// How other nodes reach this one; the engine guesses when there is one address only.
    public var advertiseAddr: String?
    /// Address or interface for containers' traffic.
    public var dataPathAddr: String?
    public var dataPathPort: UInt32?
    public var defaultAddrPool: [String]?
    public var subnetSize: UInt32?
    public var forceNewCluster: Bool?
    public var spec: SwarmSpec?

    public init(listenAddr: String = "0.0.0.0:2377", advertiseAddr: String? = nil) {
        self.listenAddr = listenAddr
        self.advertiseAddr = advertiseAddr
    }

    enum CodingKeys: String, CodingKey {
        case listenAddr = "ListenAddr"
        case advertiseAddr = "AdvertiseAddr"
        case dataPathAddr = "DataPathAddr"
        case dataPathPort = "DataPathPort"
        case defaultAddrPool = "DefaultAddrPool"
        case subnetSize = "SubnetSize"
        case forceNewCluster = "ForceNewCluster"
        case spec = "Spec"
    }
}

/// What the whole Swarm is to be like, as far as it is not the engine's default.
public struct SwarmSpec: Codable, Hashable, Sendable {
    public struct Encryption: Codable, Hashable, Sendable {
        /// Managers that are started anew wait for a key before they read their Swarm's state.
        public var autoLockManagers: Bool?

        enum CodingKeys: String, CodingKey { case autoLockManagers = "AutoLockManagers" }
    }

    public var encryption: Encryption?

    public init(autolockManagers: Bool) { encryption = Encryption(autoLockManagers: autolockManagers) }

    enum CodingKeys: String, CodingKey { case encryption = "EncryptionConfig" }
}

/// Body of `POST /swarm/join`.
public struct SwarmJoin: Encodable, Sendable {
    public var listenAddr: String
    public var advertiseAddr: String?
    public var dataPathAddr: String?
    /// `address:2377` of managers; the engine tries them in turn.
    public var remoteAddrs: [String]
    public var joinToken: Redacted<String>
    public var availability: String?

    public init(
        remoteAddrs: [String], joinToken: Redacted<String>, listenAddr: String = "0.0.0.0:2377",
        advertiseAddr: String? = nil
    ) {
        self.remoteAddrs = remoteAddrs
        self.joinToken = joinToken
        self.listenAddr = listenAddr
        self.advertiseAddr = advertiseAddr
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(listenAddr, forKey: .listenAddr)
        try container.encodeIfPresent(advertiseAddr, forKey: .advertiseAddr)
        try container.encodeIfPresent(dataPathAddr, forKey: .dataPathAddr)
        try container.encode(remoteAddrs, forKey: .remoteAddrs)
        try container.encode(joinToken.exposed, forKey: .joinToken)
        try container.encodeIfPresent(availability, forKey: .availability)
    }

    enum CodingKeys: String, CodingKey {
        case listenAddr = "ListenAddr"
        case advertiseAddr = "AdvertiseAddr"
        case dataPathAddr = "DataPathAddr"
        case remoteAddrs = "RemoteAddrs"
        case joinToken = "JoinToken"
        case availability = "Availability"
    }
}

/// Answer of `GET /swarm/unlockkey` and body of `POST /swarm/unlock`.
public struct SwarmUnlockKey: Codable, Sendable {
    /// Empty when the Swarm does not lock its managers.
    public let key: Redacted<String>

    public init(_ key: Redacted<String>) { self.key = key }

    public init(from decoder: any Decoder) throws {
        key = Redacted(try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .key))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(key.exposed, forKey: .key)
    }

    enum CodingKeys: String, CodingKey { case key = "UnlockKey" }
}
