import RoadsteadBasics

/// Where an engine's packages come from.
public enum EnginePackages: Sendable, Hashable {
    case distribution
    /// Docker's own: `docker-ce`, `docker-ce-cli` and `containerd.io`.
    case docker(PackageRepository)

    /// The packages whose version is the engine's, the engine itself first.
    var versioned: [String] {
        switch self {
        case .distribution: ["docker.io"]
        case .docker: ["docker-ce", "docker-ce-cli"]
        }
    }

    /// All that are installed. `distribution` tells what the system's own are.
    func all(_ distribution: [String]) -> [String] {
        switch self {
        case .distribution: distribution
        case .docker: versioned + ["containerd.io"]
        }
    }
}

/// A repository of Docker's packages: for each distribution a signed apt repository below one address.
public struct PackageRepository: Sendable, Hashable {
    /// `URL/debian` and `URL/ubuntu` are the repositories, with the system's code name and the component `stable`.
    public let url: String
    /// Of the one key that signs them, 40 hexadecimal digits. The key itself is fetched, and taken only when it is this one.
    public let fingerprint: String
    /// Where the key is; nil: `gpg` in the folder of the distribution, as at Docker.
    public let key: String?

    /// https://docs.docker.com/engine/install/debian
    public static let docker = PackageRepository(
        trusted: "https://download.docker.com/linux", "9DC858229FC7DD38854AE2D88D81803C0EBFCD88")

    private init(trusted url: String, _ fingerprint: String) {
        (self.url, self.fingerprint, key) = (url, fingerprint, nil)
    }

    /// Throws `invalidInput` for an address that is none of http or https, and for another fingerprint than one of 40 digits.
    public init(url: String, fingerprint: String, key: String? = nil) throws(RoadsteadError) {
        for address in [url, key].compactMap(\.self) where !Self.isAddress(address) {
            throw RoadsteadError(
                .invalidInput,
                "'\(address.prefix(200))' is no address of packages; give one as https://packages.example.org")
        }
        let digits = fingerprint.filter { $0 != " " }.uppercased()
        guard digits.utf8.count == 40, digits.utf8.allSatisfy({ (48...57).contains($0) || (65...70).contains($0) })
        else {
            throw RoadsteadError(
                .invalidInput, "'\(fingerprint.prefix(100))' is no fingerprint of a key; give its 40 hexadecimal digits"
            )
        }
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        (self.fingerprint, self.key) = (digits, key)
    }

    /// Nothing in it means something to apt's list of sources.
    private static func isAddress(_ text: String) -> Bool {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count > 8 else { return false }
        return text.utf8.allSatisfy { HostAddress.isLetterOrDigit($0) || ":/.-_~%@+".utf8.contains($0) }
    }
}
