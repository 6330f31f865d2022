/// One image of a list (`GET /images/json`).
public struct ImageSummary: Codable, Hashable, Sendable {
    public var id: String
    public var repoTags: [String]?
    public var repoDigests: [String]?
    /// Seconds since 1970.
    public var created: Int64?
    public var size: Int64?
    public var labels: [String: String]?

    public init(id: String) { self.id = id }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case repoTags = "RepoTags"
        case repoDigests = "RepoDigests"
        case created = "Created"
        case size = "Size"
        case labels = "Labels"
    }
}

/// An image (`GET /images/{name}/json`).
public struct Image: Codable, Hashable, Sendable {
    public var id: String
    public var repoTags: [String]?
    public var repoDigests: [String]?
    public var architecture: String?
    public var os: String?
    public var size: Int64?
    /// RFC 3339, or empty.
    public var created: String?

    public init(id: String) { self.id = id }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case repoTags = "RepoTags"
        case repoDigests = "RepoDigests"
        case architecture = "Architecture"
        case os = "Os"
        case size = "Size"
        case created = "Created"
    }
}

/// What a registry has under a name (`GET /distribution/{name}/json`).
public struct DistributionInspect: Codable, Hashable, Sendable {
    public struct Descriptor: Codable, Hashable, Sendable {
        public var mediaType: String?
        /// `sha256:…`
        public var digest: String
        public var size: Int64?

        public init(mediaType: String? = nil, digest: String, size: Int64? = nil) {
            self.mediaType = mediaType
            self.digest = digest
            self.size = size
        }
    }

    /// In this answer the members are spelled as in OCI's image index.
    public struct OCIPlatform: Codable, Hashable, Sendable {
        public var architecture: String?
        public var os: String?
        public var variant: String?

        public init(architecture: String? = nil, os: String? = nil, variant: String? = nil) {
            self.architecture = architecture
            self.os = os
            self.variant = variant
        }
    }

    public var descriptor: Descriptor
    public var platforms: [OCIPlatform]?

    public init(descriptor: Descriptor, platforms: [OCIPlatform]? = nil) {
        self.descriptor = descriptor
        self.platforms = platforms
    }

    enum CodingKeys: String, CodingKey {
        case descriptor = "Descriptor"
        case platforms = "Platforms"
    }
}

/// One line of the progress of a pull, push or import.
public struct ImageProgress: Codable, Hashable, Sendable {
    public struct Failure: Codable, Hashable, Sendable {
        public var code: Int?
        public var message: String?

        public init(code: Int? = nil, message: String? = nil) {
            self.code = code
            self.message = message
        }
    }

    public struct Detail: Codable, Hashable, Sendable {
        public var current: Int64?
        public var total: Int64?
    }

    /// The layer.
    public var id: String?
    public var status: String?
    public var progressDetail: Detail?
    public var errorDetail: Failure?
    public var error: String?
    /// Output of a build.
    public var stream: String?

    public init(status: String? = nil) { self.status = status }
}
