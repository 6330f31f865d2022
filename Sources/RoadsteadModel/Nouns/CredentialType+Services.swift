import RoadsteadBasics

extension ResourceType {
    /// The credentials that people register for services and machines, by subtype.
    static let serviceCredentials: [String: [Attribute]] = [
        "infrastructure-service-swarm": certificates + [service],
        "infrastructure-service-kubernetes": certificates + [service],
        "infrastructure-service-minio": s3Keys + [authority, service],
        "infrastructure-service-registry": account + [authority, service, boundEndpoint],
        "infrastructure-service-helm-repo": account + [authority, service, boundEndpoint],
        "infrastructure-service-amazonec2": amazonKeys + [optionalService],
        "infrastructure-service-exoscale": exoscaleKeys + [optionalService],
        "infrastructure-service-driver": driverSecrets + [optionalService],
        "swarm-token": swarmToken + [optionalService],
        "ssh-key": keyPair(isPublicRequired: true) + [passphrase],
        "gpg-key": keyPair(isPublicRequired: true),
    ]

    static let serviceCredentialTemplates = serviceAccountTemplates + driverTemplates + keyTemplates

    private static let serviceAccountTemplates = [
        serviceTemplate(
            "swarm", name: "Swarm TLS credential",
            description: "CA, client certificate and key of a Docker Swarm's engine API",
            certificates + [service]),
        serviceTemplate(
            "kubernetes", name: "Kubernetes TLS credential",
            description: "CA, client certificate and key of a Kubernetes API",
            certificates + [service]),
        serviceTemplate(
            "minio", name: "S3 key pair", description: "Access key and secret key of an S3 store",
            s3Keys + [authority, service]),
        serviceTemplate(
            "registry", name: "Registry account", description: "User name and password of a container registry",
            account + [authority, service]),
        serviceTemplate(
            "helm-repo", name: "Helm repository account", description: "User name and password of a Helm repository",
            account + [authority, service]),
    ]

    /// What drivers of clusters act with, by the names that docker-machine and Nuvla have for it.
    private static let driverTemplates = [
        serviceTemplate(
            "amazonec2", name: "Amazon EC2 key", description: "Access key and secret key of an Amazon account",
            amazonKeys + [optionalService]),
        serviceTemplate(
            "exoscale", name: "Exoscale key", description: "API key and its secret of an Exoscale account",
            exoscaleKeys + [optionalService]),
        serviceTemplate(
            "driver", name: "Secrets of a driver", description: "What a driver that is a program acts with",
            driverSecrets + [optionalService]),
    ]

    private static let keyTemplates = [
        ResourceTemplate(
            "swarm-token", name: "Swarm join token", description: "A token that lets machines join a Swarm",
            defaults: ["method": "swarm-token", "subtype": "swarm-token"], schema: swarmToken + [optionalService]),
        ResourceTemplate(
            "generate-ssh-key", name: "SSH key",
            description: "A key pair for SSH; made here when no public key is given, and its private part shown once",
            defaults: ["method": "generate-ssh-key", "subtype": "ssh-key"],
            schema: keyPair(isPublicRequired: false) + [passphrase]),
        ResourceTemplate(
            "gpg-key", name: "GPG key", description: "A key of OpenPGP, such as for signed packages",
            defaults: ["method": "gpg-key", "subtype": "gpg-key"], schema: keyPair(isPublicRequired: true)),
    ]

    private static func serviceTemplate(
        _ kind: String, name: String, description: String, _ schema: [Attribute]
    ) -> ResourceTemplate {
        let identifier = "infrastructure-service-" + kind
        return ResourceTemplate(
            identifier, name: name, description: description,
            defaults: ["method": .string(identifier), "subtype": .string(identifier)],
            schema: schema)
    }

    /// PEM texts. None are needed where the engine is reached over its socket or without TLS; the word `null`, which
    /// edges send in that case, counts as none.
    private static let certificates = [
        Attribute("ca", .text, description: "PEM of the authority that signed the server's certificate."),
        Attribute("cert", .text, description: "PEM of the client certificate."),
        Attribute("key", .text, .secret, description: "PEM of the client certificate's private key."),
    ]

    private static let account = [
        Attribute("username", .text, .required, description: "User name at the service."),
        Attribute("password", .text, [.required, .secret], description: "Password or token at the service."),
    ]

    /// Ours: where the password was entered for, and goes to.
    private static let boundEndpoint = Attribute("bound-endpoint", .string, .hidden)

    private static let s3Keys = [
        Attribute("access-key", .text, .required, description: "The public half of the key pair."),
        Attribute("secret-key", .text, [.required, .secret], description: "The secret half of the key pair."),
    ]

    /// Ours: services with a private authority can be checked too.
    private static let authority = Attribute(
        "ca", .text,
        description: "PEM of the authority that signed the service's certificate, when it is a private one.")

    private static let swarmToken = [
        Attribute("scope", .oneOf(["MANAGER", "WORKER"]), .required, description: "What a machine joins as."),
        Attribute("token", .text, [.required, .secret], description: "The token itself."),
    ]

    private static let amazonKeys = [
        Attribute("amazonec2-access-key", .text, .required, description: "The public half of the key pair."),
        Attribute("amazonec2-secret-key", .text, [.required, .secret], description: "The secret half."),
        Attribute("amazonec2-session-token", .text, .secret, description: "Of temporary keys."),
    ]

    private static let exoscaleKeys = [
        Attribute("exoscale-api-key", .text, .required, description: "The public half of the key pair."),
        Attribute("exoscale-api-secret-key", .text, [.required, .secret], description: "The secret half."),
    ]

    private static let driverSecrets = [
        Attribute("driver", .text, .required, description: "The driver's name: that of the program's file."),
        Attribute(
            "secrets", .text, [.required, .secret],
            description: "A JSON object of texts by name, which the program is told in its greeting."),
    ]

    private static let passphrase = Attribute(
        "passphrase", .text, .secret, description: "Of the private part, when it has one.")

    private static func keyPair(isPublicRequired: Bool) -> [Attribute] {
        [
            Attribute("public-key", .text, isPublicRequired ? .required : [], description: "The public part."),
            Attribute("private-key", .text, .secret, description: "The private part, when it is kept here."),
        ]
    }

    private static let service = Attribute(
        "parent", .resource(["infrastructure-service"]), .required, description: "The service that it opens.")

    private static let optionalService = Attribute(
        "parent", .resource(["infrastructure-service"]), description: "The service that it opens.")
}
