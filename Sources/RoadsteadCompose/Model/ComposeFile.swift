import RoadsteadBasics

/// What one Compose file says, or several of them merged: typed, interpolated, paths made absolute.
///
/// A nil attribute was not written; merging and converting depend on that.
struct ComposeFile: Hashable, Sendable {
    var services: [String: ComposeService] = [:]
    var networks: [String: ComposeNetwork] = [:]
    var volumes: [String: ComposeVolume] = [:]
    var configs: [String: ComposeFileObject] = [:]
    var secrets: [String: ComposeFileObject] = [:]
}

/// A top-level network.
struct ComposeNetwork: Hashable, Sendable {
    struct Pool: Hashable, Sendable {
        var subnet: String?
        var gateway: String?
        var ipRange: String?
    }

    var origin: Origin
    /// The name on the Swarm, when it is not made of the stack's and the key.
    var name: String?
    var isExternal = false
    var driver: String?
    var driverOptions: [String: String]?
    var ipamDriver: String?
    var pools: [Pool] = []
    var ipamOptions: [String: String]?
    var hasIPv6: Bool?
    var isInternal: Bool?
    var isAttachable: Bool?
    var labels: [String: String] = [:]
}

/// A top-level volume.
struct ComposeVolume: Hashable, Sendable {
    var origin: Origin
    var name: String?
    var isExternal = false
    var driver: String?
    var driverOptions: [String: String]?
    var labels: [String: String] = [:]
}

/// A top-level config or secret.
struct ComposeFileObject: Hashable, Sendable {
    struct Variable: Hashable, Sendable {
        var name: String
        /// nil when the caller has no such variable.
        var value: Redacted<String>?
    }

    var origin: Origin
    var name: String?
    var isExternal = false
    /// The path of the file with its data.
    var file: String?
    /// The data itself, written in the Compose file.
    var content: String?
    /// The variable of the caller's environment that holds the data.
    var variable: Variable?
    var driver: String?
    var driverOptions: [String: String]?
    var templateDriver: String?
    var labels: [String: String] = [:]
}
