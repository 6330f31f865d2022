import RoadsteadBasics
import RoadsteadModel

/// What a version of an application is made of, as a document of its own that only administrators may list.
enum ModuleContent {
    /// Its secret files stand in it as they were given.
    ///
    /// Throws `invalidInput` when the module is a project, or when the content does not fit the schema.
    static func document(
        _ given: JSONValue, of module: JSONObject, by scope: RequestScope
    ) throws(RoadsteadError) -> JSONObject {
        guard let type = ModuleSubtype(module)?.contentType else {
            throw RoadsteadError(.invalidInput, "a project has no content; leave content out or make it an application")
        }
        guard let object = given.objectValue else { throw RoadsteadError(.invalidInput, "content must be a map") }
        let moment = JSONValue.string(scope.now.description)
        var document: JSONObject = [
            "id": .string("\(type.name)/" + scope.context.ids.makeUUID()),
            "resource-type": .string(type.name), "created": moment, "updated": moment,
            "created-by": .string(scope.requester.author),
            "acl": AccessList(owners: [Principal.admin]).normalized().json,
        ]
        document = document.merging(tidied(object))
        if document["author"] == nil { document["author"] = .string(scope.requester.author) }
        try type.schema.check(document, as: "content")
        try checkChart(document, of: type)
        try checkRegistries(document)
        try checkURLs(document)
        return document
    }

    /// Without the attributes of a former read, which clients send back, and with empty values taken as none.
    private static func tidied(_ content: JSONObject) -> JSONObject {
        let dropped = CommonAttributes.serverSet.union(["acl", SecretFiles.sealed])
        var tidy = content.filter { !dropped.contains($0.key) }
        if let variables = tidy["environmental-variables"]?.arrayValue {
            tidy["environmental-variables"] = .array(variables.map(withoutEmptyValue))
        }
        // Nuvla's Python client has this name for it.
        if let credential = tidy["helm-repo-creds"] {
            tidy["helm-repo-creds"] = nil
            tidy["helm-repo-cred"] = tidy["helm-repo-cred"] ?? credential
        }
        let lists = [
            "environmental-variables", "files", SecretFiles.names, "urls", "architectures", "private-registries",
            "registries-credentials",
        ]
        return tidy.filter { !(lists.contains($0.key) && $0.value == []) }
    }

    private static func withoutEmptyValue(_ variable: JSONValue) -> JSONValue {
        guard let object = variable.objectValue else { return variable }
        return .object(object.filter { !($0.key == "value" && ($0.value == "" || $0.value.isNull)) })
    }

    /// A chart is found by its address, or by its name in a repository.
    private static func checkChart(_ content: JSONObject, of type: ResourceType) throws(RoadsteadError) {
        guard type.name == ResourceType.moduleApplicationHelm.name else { return }
        let isNamed = content["helm-repo-url"] != nil && content["helm-chart-name"] != nil
        guard content["helm-absolute-url"] != nil || isNamed else {
            throw RoadsteadError(
                .invalidInput, "content names no chart: give helm-absolute-url, or helm-repo-url and helm-chart-name")
        }
    }

    /// Credentials stand at the places of their registries; the empty text leaves the choice to whoever deploys.
    private static func checkRegistries(_ content: JSONObject) throws(RoadsteadError) {
        let registries = content["private-registries"]?.arrayValue?.count ?? 0
        let credentials = content["registries-credentials"]?.arrayValue?.count ?? 0
        guard credentials <= registries else {
            throw RoadsteadError(
                .invalidInput,
                "content.registries-credentials has \(credentials) entries for \(registries) private-registries; each "
                    + "stands at the place of its registry")
        }
    }

    private static func checkURLs(_ content: JSONObject) throws(RoadsteadError) {
        for pair in content["urls"]?.arrayValue ?? [] {
            let texts = pair.arrayValue?.compactMap(\.stringValue) ?? []
            guard texts.count == 2, pair.arrayValue?.count == 2, !texts.contains("") else {
                throw RoadsteadError(
                    .invalidInput,
                    "content.urls has \(pair.text().prefix(200)); each entry is a label and a pattern, as in "
                        + "[\"site\", \"http://${hostname}:${web.tcp.80}/\"]")
            }
        }
    }
}
