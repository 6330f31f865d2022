import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `validate-docker-compose`: reads an application's Compose text as a deployment would. What it finds is its verdict, with
/// line and column of each problem; for the module's last version it is also written to `valid` and `validation-message`.
///
/// Payload: `version`, a number; the last one when absent. The job succeeds whether the text is valid or not.
public struct ValidateApplicationJob: JobHandler {
    public let action = Self.name
    public let maximumAttempts = 1

    static let name = "validate-docker-compose"

    public init() {}

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let module = try await context.documents.get(context.target)
        let versions = ModuleVersions(document: module.body)
        let asked = context.payload["version"]?.integerValue.map(Int.init)
        guard let index = asked ?? versions.last, let href = versions.href(at: index),
            let content = try await context.documents.find(href)
        else {
            throw RoadsteadError(
                .notFound, "\(context.target) has no version \(asked.map(String.init) ?? "") to validate")
        }
        let secrets = try SecretFiles(of: content.body, sealer: context.documents.sealer)
        let reading = ApplicationReading(content: content.body, secrets: secrets)
        try await context.write { transaction in
            // Another version may have come meanwhile; what is said is said of the last one.
            let current = try transaction.get(context.target)
            guard ModuleVersions(document: current.body).last == index else { return }
            try transaction.modify(context.target) { reading.note(in: &$0) }
        }
        let head = reading.isValid ? "version \(index) is valid" : "version \(index) is not valid"
        return .succeeded(
            message: ([head] + [reading.message].compactMap { $0 }).joined(separator: "\n"), verdict: reading.json())
    }
}
