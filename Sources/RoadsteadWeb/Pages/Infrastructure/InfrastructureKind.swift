import RoadsteadModel

/// A kind of service that people register, with the words and the form for it.
struct InfrastructureKind: Sendable {
    let subtype: String
    let title: String
    let sentence: String
    /// The template of the credential that opens it; nil where there is none.
    let credential: ResourceTemplate?
    let example: String

    static let all = [
        InfrastructureKind(
            subtype: "swarm", title: "Docker Swarm",
            sentence: "Containers run here. A manager's engine, over TLS or a socket of this machine.",
            credential: template("swarm"), example: "https://10.1.0.10:2376"),
        InfrastructureKind(
            subtype: "kubernetes", title: "Kubernetes",
            sentence: "The API of a cluster. It is registered and shared; deployments to it come later.",
            credential: template("kubernetes"), example: "https://10.1.0.10:6443"),
        InfrastructureKind(
            subtype: "s3", title: "S3 store", sentence: "Objects in buckets, at Amazon, MinIO, Garage and others.",
            credential: template("minio"), example: "https://s3.example.org"),
        InfrastructureKind(
            subtype: "registry", title: "Container registry", sentence: "Where private images are pulled from.",
            credential: template("registry"), example: "https://registry.example.org"),
        InfrastructureKind(
            subtype: "helm-repo", title: "Helm repository", sentence: "Charts for Kubernetes.",
            credential: template("helm-repo"), example: "https://charts.example.org"),
        InfrastructureKind(
            subtype: "other", title: "Something else", sentence: "Any service with an address, to be found by others.",
            credential: nil, example: "https://service.example.org"),
    ]

    static func find(_ subtype: String) -> InfrastructureKind? { all.first { $0.subtype == subtype } }

    /// As people call it; unknown subtypes as they are.
    static func title(_ subtype: String) -> String { find(subtype)?.title ?? subtype }

    private static func template(_ kind: String) -> ResourceTemplate? {
        ResourceType.credential.templates.first { $0.identifier == "infrastructure-service-" + kind }
    }
}
