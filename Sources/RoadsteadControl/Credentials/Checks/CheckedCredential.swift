import RoadsteadBasics

/// The subtypes of credentials that can be tried against their service.
enum CheckedCredential: String, CaseIterable {
    case swarm = "infrastructure-service-swarm"
    case kubernetes = "infrastructure-service-kubernetes"
    case s3 = "infrastructure-service-minio"
    case registry = "infrastructure-service-registry"
    case helm = "infrastructure-service-helm-repo"

    /// nil when nothing can be tried with the credential.
    init?(_ credential: JSONObject) {
        guard let kind = credential["subtype"]?.stringValue.flatMap(Self.init(rawValue:)) else { return nil }
        self = kind
    }

    /// Kubernetes cannot be asked yet, so nobody is made to wait for it.
    var isCheckedWhenAdded: Bool { self != .kubernetes }
}
