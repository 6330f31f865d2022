import HTTPCalls
import RoadsteadBasics

/// Reads the beginning of a Helm repository's `index.yaml` with the account. A repository in a registry (`oci://`) is
/// asked as a registry.
struct HelmProbe {
    let endpoint: String
    let account: ServiceAccount
    let caller: HTTPCaller

    func finding() async -> CredentialFinding {
        if endpoint.hasPrefix("oci://") {
            let registry = endpoint.dropFirst(6).prefix { $0 != "/" }
            return await RegistryProbe(endpoint: String(registry), account: account, caller: caller).finding()
        }
        let url = ServiceURL.normalized(endpoint) + "/index.yaml"
        do {
            return finding(try await caller.send("GET", url, headers: [account.authorization], isCut: true))
        } catch { return CredentialFinding(error, endpoint: endpoint) }
    }

    private func finding(_ reply: HTTPReply) -> CredentialFinding {
        switch reply.status {
        case 200:
            let text = String(decoding: reply.body, as: UTF8.self)
            let isIndex = text.split(separator: "\n").contains {
                $0.hasPrefix("apiVersion:") || $0.hasPrefix("entries:")
            }
            return isIndex
                ? .valid("\(endpoint) gives its index to \(account.username)")
                : .unknown("\(endpoint) has an index.yaml that is no Helm index", isOnline: true)
        case 401, 403: return .invalid("\(endpoint) refuses user '\(account.username)' with this password")
        default:
            return .unknown(
                "\(endpoint) answered with status \(reply.status) for index.yaml; check the endpoint", isOnline: true)
        }
    }
}
