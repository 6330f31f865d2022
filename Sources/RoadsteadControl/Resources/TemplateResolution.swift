import RoadsteadBasics
import RoadsteadModel

/// Turns `{"name": …, "template": {"href": …, …}}` into the flat attributes that a resource is made from.
struct TemplateResolution {
    let type: ResourceType
    let claims: Set<String>

    /// Throws `invalidInput` when the template is missing, unknown, not the caller's to use, or not filled in rightly.
    func resolve(_ body: JSONObject) throws(RoadsteadError) -> (template: ResourceTemplate, body: JSONObject) {
        guard let given = body["template"]?.objectValue, let href = given["href"]?.stringValue ?? onlyTemplate else {
            throw RoadsteadError(
                .invalidInput, "a \(type.name) is made from a template: give template.href, one of \(knownTemplates)")
        }
        let template = try find(href)
        try checkWrapper(body)
        // Where to send people afterwards stands beside the template or in it.
        let takesRedirect = template.schema.attributes.contains { $0.name == "redirect-url" }
        let wrapper = body.filter {
            CommonAttributes.wrapper.contains($0.key) || (takesRedirect && $0.key == "redirect-url")
        }
        let values = given.filter { isValue($0.key, of: template) }
        let merged = values.merging(wrapper)
        try template.schema.adding(wrapperAttributes(beside: template)).check(merged, as: href)
        return (template, defaults(of: template).merging(merged))
    }

    private var knownTemplates: String {
        type.templates.map { "\(type.name)-template/\($0.identifier)" }.joined(separator: ", ")
    }

    /// What is meant without an `href`, where there is no choice.
    private var onlyTemplate: String? {
        type.templates.count == 1 ? "\(type.name)-template/\(type.templates[0].identifier)" : nil
    }

    /// Nuvla keeps the templates of users and sessions in its database, where one that is missing is 404.
    private static let storedTemplates: Set<String> = ["user", "session"]

    private func find(_ href: String) throws(RoadsteadError) -> ResourceTemplate {
        guard let template = type.templates.first(where: { "\(type.name)-template/\($0.identifier)" == href }) else {
            throw RoadsteadError(
                Self.storedTemplates.contains(type.name) ? .notFound : .invalidInput,
                "template not found: \(href); there is \(knownTemplates)")
        }
        guard CollectionAccess.allows(template.visibleTo, claims) else {
            throw RoadsteadError(.invalidInput, "template cannot be accessed: \(href)")
        }
        return template
    }

    private func checkWrapper(_ body: JSONObject) throws(RoadsteadError) {
        let known = CommonAttributes.wrapper.union(CommonAttributes.serverSet).union(["template", "redirect-url"])
        if let unknown = body.keys.first(where: { !known.contains($0) }) {
            throw RoadsteadError(
                .invalidInput, "\(unknown) is not known beside the template; put it into the template map")
        }
    }

    /// What the template fixes, and what the server sets, is not the request's to say.
    private func isValue(_ key: String, of template: ResourceTemplate) -> Bool {
        if key == "href" || CommonAttributes.serverSet.contains(key) { return false }
        let isKnown = template.schema.attributes.contains { $0.name == key }
        return isKnown || template.defaults[key] == nil
    }

    private static let wrapper = CommonAttributes.list.filter { CommonAttributes.wrapper.contains($0.name) }
        .map { Attribute($0.name, $0.kind) }

    private func wrapperAttributes(beside template: ResourceTemplate) -> [Attribute] {
        let named = Set(template.schema.attributes.map(\.name))
        return Self.wrapper.filter { !named.contains($0.name) }
    }

    /// A template's sample never stands for a value that the request must give.
    private func defaults(of template: ResourceTemplate) -> JSONObject {
        let required = template.schema.names(with: .required)
        return template.defaults.filter { !required.contains($0.key) }
    }
}
