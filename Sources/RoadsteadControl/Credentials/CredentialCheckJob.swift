import DockerClient
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `credential_check`: asks the engine for its `info` with the credential, and writes what that shows into the
/// credential (`status`, `last-check`) and its service (`online`, `swarm-enabled`, `swarm-manager`).
///
/// The job fails when no deployment could be made with the credential, with the reason as its message.
public struct CredentialCheckJob: JobHandler {
    public let action = "credential_check"
    /// An engine that cannot be reached is a finding, not a reason to try again.
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
        guard credential["subtype"]?.stringValue == "infrastructure-service-swarm" else {
            return .failed(message: "\(credential.id) is no Swarm credential; only those can be checked so far")
        }
        let access = EngineAccess(store: context.documents, logger: context.logger, options: options)
        let service = try await access.service(of: credential)
        try await context.progress(20, "asking \(service["endpoint"]?.stringValue ?? "the engine")")
        let finding = try await find(credential, service: service, access: access)
        try await context.write { transaction in
            try Self.write(finding, credential: credential.id, service: service.id, transaction)
        }
        return finding.isUsable ? .succeeded(message: finding.message) : .failed(message: finding.message)
    }

    private func find(
        _ credential: StoredDocument, service: StoredDocument, access: EngineAccess
    ) async throws -> CredentialFinding {
        let endpoint = service["endpoint"]?.stringValue ?? ""
        do {
            let info = try await access.withEngine(credential: credential) { try await $0.info() }
            return CredentialFinding(info: info, endpoint: endpoint)
        } catch let error as EngineError where error.kind != .cancelled {
            return CredentialFinding(error)
        }
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
