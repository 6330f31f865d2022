import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead app show APP`
struct AppShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an application and its Compose file.")

    @Argument(help: "Name, path or id; PROJECT/NAME or module/<uuid>_<version> for one version.")
    var app: String

    @Flag(help: "Print the Compose file alone.")
    var compose = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await ResourceLookup.applications(connection.client).get(app)
            // A query's answer holds no content.
            let module = found["content"] == nil ? try await connection.client.get(try found.requireID()) : found
            if compose {
                connection.console.writeRaw(module["content"]?["docker-compose"]?.stringValue ?? "")
            } else {
                connection.console.write(try Listing.lines(module, output) { Self.lines(module) })
            }
        }
    }

    static func lines(_ module: JSONObject) -> [String] {
        let content = module["content"]?.objectValue ?? JSONObject()
        var sheet = FactSheet()
        for (label, key) in [
            ("Name", "name"), ("Path", "path"), ("Description", "description"), ("Kind", "compatibility"),
            ("Tags", "tags"), ("Logo", "logo-url"), ("Updated", "updated"), ("Id", "id"),
        ] { sheet.add(label, module.text(key)) }
        for (label, key) in [("License", "name"), ("License text", "description"), ("License URL", "url")] {
            sheet.add(label, module["license"]?[key]?.stringValue)
        }
        if module["published"] == true { sheet.add("Published", "yes") }
        if module["valid"] == false { sheet.add("Problems", module.text("validation-message")) }
        sheet.add("Versions", String(module["versions"]?.arrayValue?.count { !$0.isNull } ?? 0))
        sheet.add("Author", content.text("author"))
        sheet.add("Change", content.text("commit"))
        sheet.add("Files", names(content["files"], "file-name"))
        sheet.add("Secret files", names(content["secret-files"], "file-name"))
        sheet.add("Variables", variables(content["environmental-variables"]))
        for pair in content["urls"]?.arrayValue ?? [] {
            let texts = pair.arrayValue?.compactMap(\.stringValue) ?? []
            sheet.add("URL", texts.joined(separator: ": "))
        }
        sheet.add("Outputs", outputs(content["output-parameters"]))
        sheet.add("Wants", requirements(content))
        sheet.add("Registries", registries(content))
        let text = TerminalText.safe(content.text("docker-compose"), keepingLines: true)
        return sheet.lines() + ["", "Compose:"] + text.split(separator: "\n").map { "  " + $0 }
    }

    /// `TAG (required), TITLE=hello`.
    private static func variables(_ value: JSONValue?) -> String {
        (value?.arrayValue?.compactMap(\.objectValue) ?? []).map { variable in
            let value = variable["value"]?.stringValue.map { "=" + $0 } ?? ""
            return variable.text("name") + value + (variable["required"] == true ? " (required)" : "")
        }.joined(separator: ", ")
    }

    /// `token (the first login's token)`.
    private static func outputs(_ value: JSONValue?) -> String {
        (value?.arrayValue?.compactMap(\.objectValue) ?? []).map { output in
            let note = output.text("description")
            return output.text("name") + (note.isEmpty ? "" : " (\(note))")
        }.joined(separator: ", ")
    }

    /// `2 cores, 512 MiB of memory, 1024 MiB of disk, amd64 or arm64`.
    private static func requirements(_ content: JSONObject) -> String {
        let wanted = content["minimum-requirements"]
        var words: [String] = []
        if let cpu = wanted?["min-cpu"], !cpu.isNull { words.append("\(cpu.text()) cores") }
        if let memory = wanted?["min-ram"]?.integerValue { words.append("\(memory) MiB of memory") }
        if let disk = wanted?["min-disk"]?.integerValue { words.append("\(disk) MiB of disk") }
        let architectures = content["architectures"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if !architectures.isEmpty { words.append(architectures.joined(separator: " or ")) }
        return words.joined(separator: ", ")
    }

    /// Ids of the private registries, each with that of its credential where the application brings one.
    private static func registries(_ content: JSONObject) -> String {
        let credentials = content["registries-credentials"]?.arrayValue?.map { $0.stringValue ?? "" } ?? []
        let registries = content["private-registries"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return registries.enumerated().map { index, registry in
            let credential = credentials.indices.contains(index) ? credentials[index] : ""
            return registry + (credential.isEmpty ? " (whoever deploys brings the credential)" : " with \(credential)")
        }.joined(separator: ", ")
    }

    private static func names(_ value: JSONValue?, _ key: String) -> String {
        value?.arrayValue?.compactMap { $0[key]?.stringValue }.joined(separator: ", ") ?? ""
    }
}
