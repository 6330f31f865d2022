import DockerClient
import HTTPCalls
import Logging
import ObjectStorage
import RoadsteadBasics
import RoadsteadStore

/// Tries a credential against its service and answers what that shows. Nothing is changed at the service.
struct CredentialProbe {
    let store: DocumentStore
    let clock: any WallClock
    let options: EngineOptions
    let logger: Logger

    /// Throws `RoadsteadError` when a secret cannot be opened, and `CancellationError`.
    func finding(
        _ credential: StoredDocument, as kind: CheckedCredential, on service: StoredDocument
    ) async throws -> CredentialFinding {
        let endpoint = service["endpoint"]?.stringValue ?? ""
        switch kind {
        case .swarm: return try await swarm(credential, service, endpoint: endpoint)
        case .s3: return try await s3(credential, endpoint: endpoint)
        case .registry:
            let account = try ServiceAccount(credential, store: store)
            return await calling(credential, endpoint) {
                await RegistryProbe(endpoint: endpoint, account: account, caller: $0).finding()
            }
        case .helm:
            let account = try ServiceAccount(credential, store: store)
            return await calling(credential, endpoint) {
                await HelmProbe(endpoint: endpoint, account: account, caller: $0).finding()
            }
        case .kubernetes:
            return .unknown("\(endpoint): a Kubernetes API is registered but cannot be checked by this version yet")
        }
    }

    private func swarm(
        _ credential: StoredDocument, _ service: StoredDocument, endpoint: String
    ) async throws -> CredentialFinding {
        let access = EngineAccess(store: store, logger: logger, options: options)
        do {
            let info = try await access.withEngine(credential: credential, service: service) { try await $0.info() }
            return CredentialFinding(info: info, endpoint: endpoint)
        } catch let error as EngineError where error.kind != .cancelled {
            return CredentialFinding(error)
        }
    }

    private func s3(_ credential: StoredDocument, endpoint: String) async throws -> CredentialFinding {
        let secret = try store.opened("secret-key", of: credential) ?? Redacted("")
        let keys = S3Credentials(accessKey: credential["access-key"]?.stringValue ?? "", secretKey: secret)
        do throws(ObjectStorageError) {
            let client = try S3Client(
                address: try S3Address(endpoint: endpoint), credentials: keys,
                authorities: credential["ca"]?.stringValue, clock: clock, deadline: options.deadline, logger: logger)
            let finding = await Self.finding(client, endpoint: endpoint)
            await client.shutdown()
            return finding
        } catch { return CredentialFinding(error) }
    }

    private static func finding(_ client: S3Client, endpoint: String) async -> CredentialFinding {
        do throws(ObjectStorageError) {
            let count = try await client.buckets().count
            return .valid("\(endpoint) takes the key, which owns \(count) bucket(s)")
        } catch { return CredentialFinding(error) }
    }

    private func calling(
        _ credential: StoredDocument, _ endpoint: String, _ body: (HTTPCaller) async -> CredentialFinding
    ) async -> CredentialFinding {
        do throws(HTTPFault) {
            let caller = try HTTPCaller(
                authorities: credential["ca"]?.stringValue, connectTimeout: options.connectTimeout,
                deadline: options.deadline, limit: 64 << 10, logger: logger)
            let finding = await body(caller)
            await caller.shutdown()
            return finding
        } catch { return CredentialFinding(error, endpoint: endpoint) }
    }
}
