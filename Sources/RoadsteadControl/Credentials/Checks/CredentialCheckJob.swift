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
        if let refusal = CredentialUse(credential: credential, service: service).refusal {
            let finding = CredentialFinding.unknown(refusal)
            try await context.write { try Self.write(finding, credential: credential.id, service: service, $0) }
            return .failed(message: refusal)
        }
        try await context.progress(20, "asking \(service["endpoint"]?.stringValue ?? "the service")")
        let probe = CredentialProbe(
            store: context.documents, clock: context.clock, options: options, logger: context.logger)
        let finding = try await probe.finding(credential, as: kind, on: service)
        try context.checkCancelled()
        try await context.write { transaction in
            try Self.write(finding, credential: credential.id, service: service, transaction)
        }
        return finding.isUsable ? .succeeded(message: finding.message) : .failed(message: finding.message)
    }

    private static func write(
        _ finding: CredentialFinding, credential: ResourceID, service: StoredDocument, _ transaction: StoreTransaction
    ) throws {
        try transaction.modify(credential) { body in
            body["status"] = .string(finding.status.rawValue)
            body["last-check"] = .string(transaction.now.description)
            body["status-message"] = .string(finding.message)
            if finding.isOnline != nil { SecretBinding.bind(&body, to: service["endpoint"]?.stringValue ?? "") }
        }
        guard try transaction.find(service.id) != nil else { return }
        try transaction.modify(service.id) { body in
            if let online = finding.isOnline { body["online"] = .bool(online) }
            if let enabled = finding.isSwarmEnabled { body["swarm-enabled"] = .bool(enabled) }
            if let manager = finding.isManager { body["swarm-manager"] = .bool(manager) }
        }
    }
}

/// Whether a credential may be tried on its service at all. Checks run by themselves, with nobody's rights: what the
/// credential's owner could not do does not happen.
struct CredentialUse {
    let credential: StoredDocument
    let service: StoredDocument

    /// nil when it may.
    var refusal: String? {
        if let refusal = SecretBinding.refusal(credential, at: service["endpoint"]?.stringValue ?? "") {
            return refusal
        }
        let keepers = keepers
        guard !keepers.isEmpty else { return nil }
        let rights = AccessList.rights(on: service.body, of: keepers.union([Principal.user]))
        guard !rights.contains(.viewMeta) else { return nil }
        return "\(credential.id) was not tried: \(keepers.sorted().joined(separator: ", ")) may not see \(service.id); "
            + "share the service with them"
    }

    /// Those who own the credential or give it away; empty when those are administrators alone.
    private var keepers: Set<String> {
        guard let list = credential["acl"].flatMap({ try? AccessList(json: $0) }) else { return [] }
        return Set(list.owners).union(list.grants[.editACL] ?? []).subtracting([Principal.admin])
    }
}
