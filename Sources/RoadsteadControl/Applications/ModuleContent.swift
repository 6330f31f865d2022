import RoadsteadBasics
import RoadsteadModel

/// What a version of an application is made of, as a document of its own that only administrators may list.
enum ModuleContent {
    /// Throws `invalidInput` when the module is a project, or when the content does not fit the schema.
    static func document(
        _ given: JSONValue, of module: JSONObject, by scope: RequestScope
    ) throws(RoadsteadError) -> JSONObject {
        guard module["subtype"] != "project" else {
            throw RoadsteadError(.invalidInput, "a project has no content; leave content out or make it an application")
        }
        guard let object = given.objectValue else { throw RoadsteadError(.invalidInput, "content must be a map") }
        let moment = JSONValue.string(scope.now.description)
        var document: JSONObject = [
            "id": .string("module-application/" + scope.context.ids.makeUUID()),
            "resource-type": "module-application", "created": moment, "updated": moment,
            "created-by": .string(scope.requester.author),
            "acl": AccessList(owners: [Principal.admin]).normalized().json,
        ]
        document = document.merging(tidied(object))
        if document["author"] == nil { document["author"] = .string(scope.requester.author) }
        try ResourceType.moduleApplication.schema.check(document, as: "content")
        return document
    }

    /// Without the attributes of a former read, which clients send back, and with empty values taken as none.
    private static func tidied(_ content: JSONObject) -> JSONObject {
        var tidy = content.filter { !CommonAttributes.serverSet.contains($0.key) && $0.key != "acl" }
        if let variables = tidy["environmental-variables"]?.arrayValue {
            tidy["environmental-variables"] = .array(variables.map(withoutEmptyValue))
        }
        let lists = [
            "environmental-variables", "files", "urls", "architectures", "private-registries", "registries-credentials",
        ]
        return tidy.filter { !(lists.contains($0.key) && $0.value == []) }
    }

    private static func withoutEmptyValue(_ variable: JSONValue) -> JSONValue {
        guard let object = variable.objectValue else { return variable }
        return .object(object.filter { !($0.key == "value" && ($0.value == "" || $0.value.isNull)) })
    }
}
