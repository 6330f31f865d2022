import DockerClient
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `credential_check`: tries the credential against its service, and writes what that shows into the credential
/// (`status`, `status-message`, `last-check`) and the service (`online`, for a Swarm `swarm-enabled`, `swarm-manager`).
///
/// The job fails when nothing could be done with the credential, with the reason as its message.
public struct CredentialCheckJob: JobHandler {
    public let action = "credential_check"
    /// A service that cannot be reached is a finding, not a reason to try again.
    public let maximumAttempts = 1

    private let options: EngineOptions

    public init(options: EngineOptions = CredentialCheckJob.quick) { self.options = options }

    /// Somebody waits for the answer: a quarter of a minute decides.
    public static var quick: EngineOptions {
        var options = EngineOptions()
        options.connectTimeout = .seconds(5)
        options.deadline = .seconds(15)
        return options
    }

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let credential = try await context.documents.get(context.target)
        guard let kind = CheckedCredential(credential.body) else {
            return .failed(message: "\(credential.id) opens no service, so that there is nothing to try")
        }
        let access = EngineAccess(store: context.documents, logger: context.logger, options: options)
        let service = try await access.service(of: credential)
        try await context.progress(20, "asking \(service["endpoint"]?.stringValue ?? "the service")")
        let probe = CredentialProbe(
            store: context.documents, clock: context.clock, options: options, logger: context.logger)
        let finding = try await probe.finding(credential, as: kind, on: service)
        try context.checkCancelled()
        try await context.write { transaction in
            try Self.write(finding, credential: credential.id, service: service.id, transaction)
        }
        return finding.isUsable ? .succeeded(message: finding.message) : .failed(message: finding.message)
    }

    private static func write(
        _ finding: CredentialFinding, credential: ResourceID, service: ResourceID, _ transaction: StoreTransaction
    ) throws {
        try transaction.modify(credential) { body in
            body["status"] = .string(finding.status.rawValue)
            body["last-check"] = .string(transaction.now.description)
            body["status-message"] = .string(finding.message)
        }
        guard try transaction.find(service) != nil else { return }
        try transaction.modify(service) { body in
            if let online = finding.isOnline { body["online"] = .bool(online) }
            if let enabled = finding.isSwarmEnabled { body["swarm-enabled"] = .bool(enabled) }
            if let manager = finding.isManager { body["swarm-manager"] = .bool(manager) }
        }
    }
}
