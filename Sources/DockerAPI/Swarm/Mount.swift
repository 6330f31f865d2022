/// One mount of a container (`Mount` of the Engine API).
public struct Mount: Codable, Hashable, Sendable {
    /// `bind`, `volume`, `tmpfs`, `npipe` or `cluster`; in single containers also `image`.
    public var type: String?
    public var source: String?
    public var target: String?
    public var readOnly: Bool?
    public var consistency: String?
    public var bindOptions: BindOptions?
    public var volumeOptions: VolumeOptions?
    public var imageOptions: ImageOptions?
    public var tmpfsOptions: TmpfsOptions?
    /// Present (empty) for the volumes of a cluster.
    public var clusterOptions: EmptyObject?

    public init(
        type: String? = nil, source: String? = nil, target: String? = nil, readOnly: Bool? = nil,
        consistency: String? = nil, bindOptions: BindOptions? = nil, volumeOptions: VolumeOptions? = nil,
        tmpfsOptions: TmpfsOptions? = nil
    ) {
        self.type = type
        self.source = source
        self.target = target
        self.readOnly = readOnly
        self.consistency = consistency
        self.bindOptions = bindOptions
        self.volumeOptions = volumeOptions
        self.tmpfsOptions = tmpfsOptions
    }

    enum CodingKeys: String, CodingKey {
        case type = "Type"
        case source = "Source"
        case target = "Target"
        case readOnly = "ReadOnly"
        case consistency = "Consistency"
        case bindOptions = "BindOptions"
        case volumeOptions = "VolumeOptions"
        case imageOptions = "ImageOptions"
        case tmpfsOptions = "TmpfsOptions"
        case clusterOptions = "ClusterOptions"
    }
}

public struct BindOptions: Codable, Hashable, Sendable {
    public var propagation: String?
    public var nonRecursive: Bool?
    /// A Swarm does not keep it, nor the two below: the engine hands on only the first two (moby's convert/container.go).
    public var createMountpoint: Bool?
    public var readOnlyNonRecursive: Bool?
    public var readOnlyForceRecursive: Bool?

    public init(propagation: String? = nil, nonRecursive: Bool? = nil, createMountpoint: Bool? = nil) {
        self.propagation = propagation
        self.nonRecursive = nonRecursive
        self.createMountpoint = createMountpoint
    }

    enum CodingKeys: String, CodingKey {
        case propagation = "Propagation"
        case nonRecursive = "NonRecursive"
        case createMountpoint = "CreateMountpoint"
        case readOnlyNonRecursive = "ReadOnlyNonRecursive"
        case readOnlyForceRecursive = "ReadOnlyForceRecursive"
    }
}

public struct VolumeOptions: Codable, Hashable, Sendable {
    public var noCopy: Bool?
    public var subpath: String?
    public var labels: [String: String]?
    public var driverConfig: VolumeDriver?

    public init(
        noCopy: Bool? = nil, subpath: String? = nil, labels: [String: String]? = nil,
        driverConfig: VolumeDriver? = nil
    ) {
        self.noCopy = noCopy
        self.subpath = subpath
        self.labels = labels
        self.driverConfig = driverConfig
    }

    enum CodingKeys: String, CodingKey {
        case noCopy = "NoCopy"
        case subpath = "Subpath"
        case labels = "Labels"
        case driverConfig = "DriverConfig"
    }
}

public struct ImageOptions: Codable, Hashable, Sendable {
    public var subpath: String?

    enum CodingKeys: String, CodingKey { case subpath = "Subpath" }
}

public struct VolumeDriver: Codable, Hashable, Sendable {
    public var name: String?
    public var options: [String: String]?

    public init(name: String? = nil, options: [String: String]? = nil) {
        self.name = name
        self.options = options
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case options = "Options"
    }
}

public struct TmpfsOptions: Codable, Hashable, Sendable {
    public var sizeBytes: Int64?
    public var mode: UInt32?
    /// `["exec"]` or `["noexec"]` (API 1.46).
    public var options: [[String]]?

    public init(sizeBytes: Int64? = nil, mode: UInt32? = nil, options: [[String]]? = nil) {
        self.sizeBytes = sizeBytes
        self.mode = mode
        self.options = options
    }

    enum CodingKeys: String, CodingKey {
        case sizeBytes = "SizeBytes"
        case mode = "Mode"
        case options = "Options"
    }
}
