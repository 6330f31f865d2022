import RoadsteadBasics

extension ResourceType {
    /// What a version of an application is made of. Listed to administrators only; others read it as a module's
    /// `content`.
    public static let moduleApplication = ResourceType(
        "module-application",
        description: "A version of an application: its Compose text or manifest and all that goes with it.",
        access: contentAccess, verbs: [.query, .retrieve],
        attributes: [
            Attribute("docker-compose", .text, .required),
            Attribute(
                "secret-files", .array(of: .map(secretFile), minimum: 1, isDistinct: false),
                description: "Files that secrets of the text are made of: contents are taken, and never shown."),
            Attribute("sealed-files", .string, .hidden, description: "What they hold, sealed."),
        ] + applicationContent)

    /// A version of a Helm application. The chart comes from a repository or from an address.
    public static let moduleApplicationHelm = ResourceType(
        "module-application-helm", description: "A version of a Helm application: which chart, with which values.",
        access: contentAccess, verbs: [.query, .retrieve],
        attributes: [
            Attribute("helm-repo-url", .resource(["infrastructure-service"])),
            Attribute("helm-repo-cred", .resource(["credential"])),
            Attribute("helm-chart-name", .text), Attribute("helm-chart-version", .text),
            Attribute("helm-absolute-url", .text), Attribute("helm-chart-values", .string),
        ] + applicationContent)

    /// A version of a bouquet: applications that groups of deployments are made of.
    public static let moduleApplicationsSets = ResourceType(
        "module-applications-sets", description: "A version of a bouquet of applications.",
        access: contentAccess, verbs: [.query, .retrieve],
        attributes: [
            Attribute("author", .text, .required), Attribute("commit", .string),
            Attribute(
                "applications-sets", .array(of: .map(applicationsSet), minimum: 1, isDistinct: false), .required),
        ])

    private static let contentAccess = CollectionAccess(query: [Principal.admin], add: [Principal.admin])

    private static let applicationContent: [Attribute] = [
        Attribute("author", .text, .required),
        Attribute("commit", .string),
        Attribute("environmental-variables", .array(of: .map(environmentVariable), minimum: 1, isDistinct: false)),
        Attribute("files", .array(of: .map(file), minimum: 1, isDistinct: false)),
        Attribute("output-parameters", .array(of: .map(outputParameter))),
        Attribute(
            "urls", .array(of: .array(of: .string, minimum: 2, isDistinct: false), minimum: 1, isDistinct: false)),
        Attribute("architectures", .array(of: .oneOf(architectures), minimum: 1, isDistinct: false)),
        Attribute("minimum-requirements", .map(requirements)),
        Attribute(
            "private-registries",
            .array(of: .resource(["infrastructure-service"]), minimum: 1, isDistinct: true)),
        Attribute("registries-credentials", .array(of: .string, minimum: 1, isDistinct: false)),
        Attribute("requires-user-rights", .boolean),
        Attribute("unsupported-options", .strings),
    ]

    /// Nuvla's list: what Docker calls them, and what kernels do.
    private static let architectures = [
        "386", "aarch64", "amd64", "amd64p32", "arm", "arm/v5", "arm/v6", "arm/v7", "arm64", "arm64/v8", "arm64be",
        "armbe", "mips", "mips64", "mips64le", "mips64p32", "mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le",
        "riscv64", "s390", "s390x", "sparc", "sparc64", "x86_64",
    ]

    private static let environmentVariable = Schema([
        Attribute("name", .token(rule: "a variable name that does not begin with NUVLA_", isVariableName), .required),
        Attribute("description", .string),
        Attribute("required", .boolean),
        Attribute("value", .text),
    ])

    private static let file = Schema([
        Attribute("file-name", .token(rule: "a file name without directories", isFileName), .required),
        Attribute("file-content", .string, .required),
    ])

    /// Without `file-content`: as it was in the version before.
    private static let secretFile = Schema([
        Attribute("file-name", .token(rule: "a file name without directories", isFileName), .required),
        Attribute("file-content", .string, description: "Sealed, and in no answer."),
        Attribute("digest", .string, description: "Tells those who may edit whether a content is the same."),
    ])

    private static let outputParameter = Schema([
        Attribute("name", .text, .required), Attribute("description", .string, .required),
    ])

    private static let applicationsSet = Schema([
        Attribute("name", .text, .required), Attribute("description", .string),
        Attribute("subtype", .oneOf(["docker", "kubernetes"])),
        Attribute("applications", .array(of: .map(setMember), minimum: 0, isDistinct: false), .required),
    ])

    private static let setMember = Schema([
        Attribute("id", .resource(["module"]), .required),
        Attribute("version", .integer(0...Int64.max), .required),
        Attribute("environmental-variables", .array(of: .anything)),
        Attribute("files", .array(of: .map(file))), Attribute("registries-credentials", .strings),
    ])

    private static let requirements = Schema([
        Attribute("min-cpu", .number), Attribute("min-ram", .integer(1...(.max))),
        Attribute("min-disk", .integer(1...(.max))),
    ])

    private static func isVariableName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first), !text.hasPrefix("NUVLA_") else { return false }
        return text.utf8.allSatisfy { FileNameText.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isFileName(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".." && text.utf8.allSatisfy(FileNameText.isByte)
    }
}

/// Which bytes names of files, and the words of paths, are made of.
enum FileNameText {
    static func isByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
