import RoadsteadBasics
import RoadsteadModel

/// API keys: the secret is shown once and kept as a hash; the key acts as whoever made it, with the claims of then.
enum ApiKey {
    static func draft(_ body: JSONObject, in scope: RequestScope) -> ResourceDraft {
        let secret = SecretToken.apiKeySecret(scope.context.ids)
        let requester = scope.requester
        var credential = body
        credential["ttl"] = nil
        credential["parent"] = nil
        credential["digest"] = .string(SecretToken.hash(SecretToken.normalizedApiKeySecret(secret)))
        credential["claims"] = [
            "identity": .string(requester.activeClaim),
            "roles": JSONValue(requester.claims.filter { !$0.hasPrefix("session/") }.sorted()),
        ]
        if let ttl = body["ttl"]?.integerValue, ttl > 0 {
            credential["expiry"] = .string((scope.now + .seconds(ttl)).description)
        }
        return ResourceDraft(credential, extras: ["secret-key": .string(secret)])
    }
}
