import Foundation
import HTTPCalls
import RoadsteadBasics

/// Logs in at a container registry as `docker login` does: `GET /v2/`, then the way that its challenge names (OCI
/// Distribution Specification; token authentication). Answers a finding, whatever happens.
struct RegistryProbe {
    let endpoint: String
    let account: ServiceAccount
    let caller: HTTPCaller

    func finding() async -> CredentialFinding {
        do {
            let reply = try await caller.send("GET", base + "/v2/", isCut: true)
            return try await finding(reply)
        } catch { return CredentialFinding(error, endpoint: endpoint) }
    }

    /// Docker Hub is known by several names, none of which is its API.
    private var base: String {
        let url = ServiceURL.normalized(endpoint)
        let host = URLComponents(string: url)?.host ?? ""
        let isHub = ["docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"].contains(host)
        if isHub { return "https://registry-1.docker.io" }
        let path = URLComponents(string: url)?.path ?? ""
        return ["/v1", "/v2"].contains(path) ? String(url.dropLast(3)) : url
    }

    private func finding(_ reply: HTTPReply) async throws(HTTPFault) -> CredentialFinding {
        let isMarked = reply.header("docker-distribution-api-version")?.hasPrefix("registry/2") ?? false
        switch reply.status {
        case 200 where isMarked || String(decoding: reply.body, as: UTF8.self).contains("{}"):
            return .valid("\(endpoint) lets everybody in; the account was not asked for")
        case 401:
            guard let header = reply.header("www-authenticate"), let challenge = RegistryChallenge(header) else {
                return .unknown("\(endpoint) asks for a login of a kind that no registry uses", isOnline: true)
            }
            return try await answer(challenge)
        case 500...599:
            return .unknown("\(endpoint) answered with status \(reply.status); try again later", isOnline: true)
        default:
            return .unknown(
                "\(endpoint) answered with status \(reply.status): that is no container registry; check the endpoint",
                isOnline: true)
        }
    }

    private func answer(_ challenge: RegistryChallenge) async throws(HTTPFault) -> CredentialFinding {
        switch challenge {
        case .basic:
            let reply = try await caller.send("GET", base + "/v2/", headers: [account.authorization], isCut: true)
            return judged(reply.status)
        case .bearer(let realm, let service): return try await askForToken(realm, service)
        }
    }

    private func askForToken(_ realm: String, _ service: String?) async throws(HTTPFault) -> CredentialFinding {
        guard var url = URLComponents(string: realm), let scheme = url.scheme, ["http", "https"].contains(scheme) else {
            return .unknown("\(endpoint) names no usable place to log in at", isOnline: true)
        }
        // The password must not travel more openly than the registry itself is spoken to.
        guard scheme == "https" || base.hasPrefix("http://") else {
            return .invalid("\(endpoint) wants the password sent in clear; it was not sent")
        }
        guard !LocalEndpoint.isLocal(realm) || LocalEndpoint.isLocal(endpoint) else {
            return .invalid("\(endpoint) names a place to log in at that is on this server's own machine")
        }
        var query = url.queryItems ?? []
        query.append(URLQueryItem(name: "account", value: account.username))
        if let service { query.append(URLQueryItem(name: "service", value: service)) }
        url.queryItems = query
        guard let address = url.string else {
            return .unknown("\(endpoint) names no usable place to log in at", isOnline: true)
        }
        let reply = try await caller.send("GET", address, headers: [account.authorization])
        guard reply.status == 200 else { return judged(reply.status) }
        guard let token = Self.token(reply.body) else {
            return .unknown("\(endpoint): the login answered without a token", isOnline: true)
        }
        let authorization = (name: "authorization", value: "Bearer " + token.exposed)
        return judged(try await caller.send("GET", base + "/v2/", headers: [authorization], isCut: true).status)
    }

    private static func token(_ body: [UInt8]) -> Redacted<String>? {
        guard let object = (try? JSONValue.parse(body))?.objectValue else { return nil }
        let token = object["token"]?.stringValue ?? object["access_token"]?.stringValue
        // What is no token must not get into a header.
        guard let token, !token.isEmpty, token.utf8.allSatisfy({ (33...126).contains($0) }) else { return nil }
        return Redacted(token)
    }

    private func judged(_ status: Int) -> CredentialFinding {
        switch status {
        case 200: .valid("\(endpoint) lets \(account.username) in")
        case 400, 401, 403: .invalid("\(endpoint) refuses user '\(account.username)' with this password")
        case 429: .unknown("\(endpoint) has been asked too often; try again later", isOnline: true)
        default: .unknown("\(endpoint) answered the login with status \(status)", isOnline: true)
        }
    }
}
