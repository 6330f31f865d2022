import RoadsteadBasics

extension ResourceType {
    /// An application, or a project to keep some in: metadata here, one content document a version in the collection
    /// that `ModuleSubtype.contentType` names.
    public static let module = ResourceType(
        "module", description: "An application with its versions, or a project that holds some.",
        attributes: [
            Attribute(
                "path", .token(rule: "words of letters, digits, '.', '_' and '-' between slashes", isPath),
                [.required, .fixed], description: "Its place among projects, as in project/name."),
            Attribute("parent-path", .string, [.required, .managed], description: "The path of its project."),
            Attribute("subtype", .string, [.required, .fixed], description: "What kind of application, or project."),
            Attribute("logo-url", .text, description: "A picture for the catalogue."),
            Attribute("data-accept-content-types", .strings, description: "MIME types of data that it works on."),
            Attribute("data-access-protocols", .strings, description: "How it gets at data, such as http+s3."),
            Attribute(
                "versions", .array(of: .anything), .managed, description: "By number; null where one was deleted."),
            Attribute("published", .boolean, .managed, description: "Whether one of its versions is published."),
            Attribute("valid", .boolean, description: "Whether the Compose text of its last version can be deployed."),
            Attribute("validation-message", .string, description: "What is wrong with it, or what to know about it."),
            Attribute("license", .map(license), description: "What people agree to when they deploy it."),
        ],
        subtypes: [
            ModuleSubtype.project.rawValue: [],
            ModuleSubtype.application.rawValue: [
                Attribute(
                    "compatibility", .oneOf(["docker-compose", "swarm"]), [.required, .defaulted],
                    description: "What its Compose text is made for; found out when absent.")
            ],
            ModuleSubtype.kubernetes.rawValue: [],
            ModuleSubtype.helm.rawValue: [],
            ModuleSubtype.applicationsSets.rawValue: [
                Attribute("apps-set-subtype", .oneOf(["docker", "kubernetes"]), .managed)
            ],
        ],
        actions: [
            ResourceAction(
                "publish", right: .manage, description: "Mark the addressed version, or the last, as published."),
            ResourceAction("unpublish", right: .manage, description: "Take that mark off it."),
            ResourceAction(
                "delete-version", right: .editData, description: "Delete the addressed version, or the last."),
            ResourceAction(
                "validate-docker-compose", right: .manage,
                description: "Read the Compose text as a deployment would, and say what is wrong with it."),
        ],
        recordsEvents: true)

    private static let license = Schema([
        Attribute("name", .text, .required), Attribute("url", .text, .required), Attribute("description", .string),
    ])

    private static func isPath(_ text: String) -> Bool {
        let words = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= 500
            && words.allSatisfy { word in
                guard let first = word.utf8.first, FileNameText.isAlphanumeric(first) else { return false }
                return word.utf8.allSatisfy(FileNameText.isByte)
            }
    }
}

/// What a module can be. Components, which the dialect once had, are not among them: nothing deploys them any more.
public enum ModuleSubtype: String, Sendable, CaseIterable {
    case project
    case application
    case kubernetes = "application_kubernetes"
    case helm = "application_helm"
    case applicationsSets = "applications_sets"

    public init?(_ module: JSONObject) {
        self.init(rawValue: module["subtype"]?.stringValue ?? "")
    }

    /// Where its versions' contents are kept; nil for a project, which has none.
    public var contentType: ResourceType? {
        switch self {
        case .project: nil
        case .application, .kubernetes: .moduleApplication
        case .helm: .moduleApplicationHelm
        case .applicationsSets: .moduleApplicationsSets
        }
    }
}
