import DockerAPI
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel

/// A reading of an application's Compose text as a deployment would read it, with nothing but the content at hand.
///
/// Variables without a value get stand-ins. A text may want a number in one place and a duration in another, so several
/// stand-ins are tried, and only what is wrong with each of them counts.
struct ApplicationReading: Sendable {
    let problems: [ComposeProblem]
    /// What a Swarm will ignore.
    let warnings: [String]

    var isValid: Bool { problems.isEmpty }

    /// `content` is that of a version: `docker-compose`, `files`, `environmental-variables`.
    init(content: JSONObject, secrets: SecretFiles) {
        let text = content["docker-compose"]?.stringValue ?? ""
        let variables = content["environmental-variables"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let open = variables.filter { $0["value"] == nil }.compactMap { $0["name"]?.stringValue }
        var given = Dictionary(
            variables.compactMap { variable in
                variable["name"]?.stringValue.flatMap { name in variable["value"]?.stringValue.map { (name, $0) } }
            }, uniquingKeysWith: { $1 })
        given.merge(Self.server) { $1 }
        let files = MemoryFileReader(files: ApplicationFileSet.bytes(of: content, secrets: secrets))
        var kept: [ComposeProblem]?
        var (warnings, services): ([String], Set<String>) = ([], [])
        for standIn in open.isEmpty ? [""] : Self.standIns {
            let values = given.merging(open.map { ($0, standIn) }) { value, _ in value }
            let outcome = Self.read(text, values, files)
            (warnings, services) = (outcome.warnings, outcome.services)
            kept = kept.map { Self.lasting($0, outcome.problems) } ?? outcome.problems
            if kept?.isEmpty ?? false { break }
        }
        self.problems = kept ?? []
        self.warnings = warnings + Self.warnings(aboutURLs: content, services: services)
    }

    /// Names that no deployment will ever have a value for. Without services to look at nothing is said.
    private static func warnings(aboutURLs content: JSONObject, services: Set<String>) -> [String] {
        guard !services.isEmpty else { return [] }
        let outputs = Set(content["output-parameters"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? [])
        return (content["urls"]?.arrayValue ?? []).flatMap { pair -> [String] in
            let (label, pattern) = (pair.arrayValue?.first?.stringValue, pair.arrayValue?.last?.stringValue)
            return URLPattern(pattern ?? "").unknownNames(services: services, outputs: outputs).map { name in
                "the URL \(label ?? "") wants ${\(name)}, which is neither hostname, nor of a service (as "
                    + "\(services.min() ?? "web").tcp.80), nor an output parameter: it will never be shown"
            }
        }
    }

    private static func read(
        _ text: String, _ values: [String: String], _ files: MemoryFileReader
    ) -> (problems: [ComposeProblem], warnings: [String], services: Set<String>) {
        let input = ComposeInput(
            sources: [ComposeSource(path: "docker-compose.yaml", text: text)], environment: values, reader: files,
            workingDirectory: "/")
        do throws(ComposeProblems) {
            let stack = try ComposeReader.desiredStack(input, stackName: "app")
            return ([], stack.warnings, Set(stack.services.map { StackEngine.key($0.spec.name ?? "", stack: "app") }))
        } catch { return (error.problems, [], []) }
    }

    /// Those of the first that the second has at the same place.
    private static func lasting(_ first: [ComposeProblem], _ second: [ComposeProblem]) -> [ComposeProblem] {
        let places = Set(second.map { [$0.file, "\($0.line):\($0.column)", $0.path] })
        return first.filter { places.contains([$0.file, "\($0.line):\($0.column)", $0.path]) }
    }

    private static let standIns = ["1", "1s", "true", "a"]

    /// What the server sets for every deployment (Nuvla's names).
    private static let server = Dictionary(
        uniqueKeysWithValues: [
            "NUVLA_DEPLOYMENT_UUID", "NUVLA_DEPLOYMENT_ID", "NUVLA_API_KEY", "NUVLA_API_SECRET", "NUVLA_ENDPOINT",
            "DATE_TIME", "TIMESTAMP",
        ].map { ($0, "0") })
}

extension ApplicationReading {
    /// For a module's `validation-message`; nil when there is nothing to say.
    var message: String? {
        let lines = problems.map(\.description) + warnings.map { "warning: \($0)" }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// `{outcome: valid|invalid, problems: [{line, column, path, message, hint}], warnings}`: a job's `verdict`.
    func json() -> JSONValue {
        [
            "outcome": isValid ? "valid" : "invalid", "problems": .array(problems.map(Self.json)),
            "warnings": JSONValue(warnings),
        ]
    }

    private static func json(_ problem: ComposeProblem) -> JSONValue {
        var object: JSONObject = [
            "file": .string(problem.file), "line": JSONValue(problem.line), "column": JSONValue(problem.column),
            "path": .string(problem.path), "message": .string(problem.message),
        ]
        object["hint"] = problem.hint.map(JSONValue.string)
        return .object(object)
    }

    /// Puts the finding into a module's document.
    func note(in module: inout JSONObject) {
        module["valid"] = .bool(isValid)
        module["validation-message"] = message.map(JSONValue.string)
    }
}

/// The files that come with a version.
enum ApplicationFileSet {
    static func bytes(of content: JSONObject, secrets: SecretFiles) -> [String: [UInt8]] {
        let pairs = (content["files"]?.arrayValue ?? []).compactMap { entry in
            entry["file-name"]?.stringValue.map { ($0, Array((entry["file-content"]?.stringValue ?? "").utf8)) }
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 }).merging(secrets.bytes) { $1 }
    }
}
