import RoadsteadBasics

extension ResourceType {
    /// An application: metadata here, one content document a version in `module-application`.
    public static let module = ResourceType(
        "module",
        attributes: [
            Attribute(
                "path", .token(rule: "words of letters, digits, '.', '_' and '-' between slashes", isPath),
                [.required, .fixed]),
            Attribute("parent-path", .string, [.required, .managed]),
            Attribute("subtype", .string, [.required, .fixed]),
            Attribute("logo-url", .text),
            Attribute("data-accept-content-types", .strings),
            Attribute("data-access-protocols", .strings),
            Attribute("versions", .array(of: .anything), .managed),
            Attribute("published", .boolean, .managed),
            Attribute("valid", .boolean),
            Attribute("validation-message", .string),
            Attribute("license", .map(license)),
        ],
        subtypes: [
            "project": [],
            "application": [Attribute("compatibility", .oneOf(["docker-compose", "swarm"]), .required)],
        ],
        actions: [
            ResourceAction("publish", right: .manage), ResourceAction("unpublish", right: .manage),
            ResourceAction("delete-version", right: .editData),
        ],
        recordsEvents: true)

    private static let license = Schema([
        Attribute("name", .text, .required), Attribute("url", .text, .required), Attribute("description", .string),
    ])

    private static func isPath(_ text: String) -> Bool {
        let words = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= 500
            && words.allSatisfy { word in
                guard let first = word.utf8.first, isAlphanumeric(first) else { return false }
                return word.utf8.allSatisfy(isFileNameByte)
            }
    }

    /// What a version of an application is made of. Listed to administrators only; others read it as a module's
    /// `content`.
    public static let moduleApplication = ResourceType(
        "module-application",
        access: CollectionAccess(query: [Principal.admin], add: [Principal.admin]),
        verbs: [.query, .retrieve],
        attributes: applicationContent)

    static let applicationContent: [Attribute] = [
        Attribute("author", .text, .required),
        Attribute("commit", .string),
        Attribute("docker-compose", .text, .required),
        Attribute("environmental-variables", .array(of: .map(environmentVariable), minimum: 1, isDistinct: false)),
        Attribute("files", .array(of: .map(file), minimum: 1, isDistinct: false)),
        Attribute("output-parameters", .array(of: .map(outputParameter))),
        Attribute(
            "urls", .array(of: .array(of: .string, minimum: 2, isDistinct: false), minimum: 1, isDistinct: false)),
        Attribute("architectures", .array(of: .string, minimum: 1, isDistinct: false)),
        Attribute("minimum-requirements", .map(requirements)),
        Attribute(
            "private-registries",
            .array(of: .resource(["infrastructure-service"]), minimum: 1, isDistinct: true)),
        Attribute("registries-credentials", .array(of: .string, minimum: 1, isDistinct: false)),
        Attribute("requires-user-rights", .boolean),
        Attribute("unsupported-options", .strings),
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

    private static let outputParameter = Schema([
        Attribute("name", .text, .required), Attribute("description", .string, .required),
    ])

    private static let requirements = Schema([
        Attribute("min-cpu", .number), Attribute("min-ram", .integer(1...(.max))),
        Attribute("min-disk", .integer(1...(.max))),
    ])

    private static func isVariableName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first), !text.hasPrefix("NUVLA_") else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isFileName(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".." && text.utf8.allSatisfy(isFileNameByte)
    }

    private static func isFileNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
