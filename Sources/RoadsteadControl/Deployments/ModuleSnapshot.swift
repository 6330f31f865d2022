import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The copy of a module that a deployment keeps: later edits of the module do not change it.
struct ModuleSnapshot {
    let modules: ModuleRules
    let scope: RequestScope

    /// `given` is what the request says under `module`. A new `href` is read with the caller's rights; over both, the
    /// user's own values (variables, files, output parameters) from the request win.
    ///
    /// Throws `invalidInput` without an `href`, `notFound` and `forbidden` for a module that is not there or not the
    /// caller's.
    func take(_ given: JSONValue?, over stored: JSONObject?) async throws -> JSONObject {
        guard let given = given?.objectValue else {
            throw RoadsteadError(.invalidInput, "module.href is missing: say which module to deploy")
        }
        let href = given["href"]?.stringValue ?? stored?["href"]?.stringValue
        guard let href, let id = ResourceID(href), id.type == "module" else {
            throw RoadsteadError(.invalidInput, "module.href is missing or not the id of a module")
        }
        var module = stored ?? [:]
        if stored?["href"]?.stringValue != href { module = try await read(id) }
        guard let values = given["content"]?.objectValue, let content = module["content"]?.objectValue else {
            return module
        }
        module["content"] = .object(
            try SecretFiles.applying(
                values, to: try ModuleValues.applying(values, to: content), sealer: scope.store.sealer))
        return module
    }

    /// A stored copy with those values alone that are the user's, and not what its version of the module came with: what
    /// another version gives must not lose to them. All of them when that version is gone. Its secret files are in clear:
    /// for `take`, not to be kept.
    func withoutDefaults(_ module: JSONObject) async throws -> JSONObject {
        guard let content = module["content"]?.objectValue,
            let id = content["id"]?.stringValue.flatMap({ ResourceID($0) })
        else { return module }
        let (defaults, sealer) = (try await scope.store.find(id)?.body, scope.store.sealer)
        var values = defaults.map { ModuleValues.differing(content, from: $0) } ?? content
        let known = try defaults.map { try SecretFiles(of: $0, sealer: sealer) } ?? SecretFiles()
        values[SecretFiles.names] = try SecretFiles(of: content, sealer: sealer).differing(from: known)
        var own = module
        own["content"] = .object(values)
        return own
    }

    private func read(_ id: ResourceID) async throws -> JSONObject {
        let document = try await scope.get(modules.storedID(of: id), with: .viewData)
        guard document["subtype"] != "project" else {
            throw RoadsteadError(
                .invalidInput, "\(id) is a project and cannot be deployed; choose an application in it")
        }
        guard let content = try await modules.content(of: document.body, as: id, in: scope) else {
            throw RoadsteadError(.invalidInput, "\(id) has no content to deploy; add a version first")
        }
        var module = document.body
        module["content"] = .object(content)
        module["href"] = .string(id.description)
        return module
    }
}
