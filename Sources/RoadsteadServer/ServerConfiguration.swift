import Foundation
import RoadsteadBasics
import RoadsteadControl
import RoadsteadREST

/// What a server is started with.
public struct ServerConfiguration: Sendable {
    /// Where the database and the sealing key are.
    public var dataDirectory: String
    public var host: String
    /// 0: any free port.
    public var port: Int
    /// Whose word about the caller (`x-forwarded-*`, `x-real-ip`, `nuvla-authn-info`) is believed; nobody's by default.
    public var trustedProxies: [CIDR]
    public var environment: [String: String]
    /// Who may register services on this machine: `ROADSTEAD_LOCAL_ENDPOINTS`.
    public var localEndpoints: LocalEndpointPolicy
    /// What clusters are made with: `ROADSTEAD_DRIVERS` and others.
    public var clusters: ClusterTools

    public static let defaultListen = "127.0.0.1:8420"

    /// `listen`: `address:port`, `:port` for all addresses, `[v6 address]:port`. `trustedProxies`: ranges of addresses,
    /// beside those in `ROADSTEAD_TRUSTED_PROXIES`, which stand between commas or blanks. Throws `invalidInput`.
    public init(
        dataDirectory: String?, listen: String, trustedProxies: [String] = [], environment: [String: String]
    ) throws(RoadsteadError) {
        self.dataDirectory = dataDirectory ?? Self.defaultDataDirectory(environment)
        self.environment = environment
        localEndpoints = try Self.policy(environment["ROADSTEAD_LOCAL_ENDPOINTS"] ?? "")
        clusters = try ClusterTools(environment: environment)
        (host, port) = try Self.parse(listen)
        self.trustedProxies = []
        let named = environment["ROADSTEAD_TRUSTED_PROXIES"]?.split { $0 == "," || $0 == " " }.map(String.init) ?? []
        for range in trustedProxies + named { self.trustedProxies.append(try CIDR(range)) }
    }

    /// `~/.local/share/roadstead`, or under `XDG_DATA_HOME`.
    public static func defaultDataDirectory(_ environment: [String: String]) -> String {
        if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") { return base + "/roadstead" }
        return (environment["HOME"] ?? NSHomeDirectory()) + "/.local/share/roadstead"
    }

    private static func policy(_ text: String) throws(RoadsteadError) -> LocalEndpointPolicy {
        if text.isEmpty { return .administrators }
        guard let policy = LocalEndpointPolicy(rawValue: text) else {
            throw RoadsteadError(
                .invalidInput,
                "ROADSTEAD_LOCAL_ENDPOINTS is '\(text.prefix(100))'; it is one of "
                    + LocalEndpointPolicy.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return policy
    }

    private static func parse(_ listen: String) throws(RoadsteadError) -> (host: String, port: Int) {
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            (0...65_535).contains(port)
        else {
            throw RoadsteadError(
                .invalidInput, "cannot listen on '\(listen)'; give ADDRESS:PORT, as in \(defaultListen)")
        }
        let host = listen[..<colon].filter { $0 != "[" && $0 != "]" }
        return (host.isEmpty ? "0.0.0.0" : String(host), port)
    }

    var databasePath: String { dataDirectory + "/roadstead.sqlite" }
    var keyPath: String { dataDirectory + "/roadstead.key" }
}
