import ArgumentParser

/// What a command line calls the infrastructure services that it can register; raw values are the wire's subtypes.
enum ServiceKind: String, ExpressibleByArgument, CaseIterable, Sendable {
    case swarm, registry, s3
    case helmRepo = "helm-repo"
    case kubernetes

    /// The credential's template and subtype. S3 stores are called after the one that everybody began with.
    var credential: String { "infrastructure-service-" + (self == .s3 ? "minio" : rawValue) }

    /// Whether the server can try the credential.
    var canBeChecked: Bool { self != .kubernetes }

    var takesCertificates: Bool { self == .swarm || self == .kubernetes }

    var noun: String {
        switch self {
        case .swarm: "Swarm"
        case .registry: "registry"
        case .s3: "S3 store"
        case .helmRepo: "Helm repository"
        case .kubernetes: "Kubernetes cluster"
        }
    }
}
