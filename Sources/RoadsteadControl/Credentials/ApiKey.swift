import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// API keys: the secret is shown once and kept as a hash; the key acts as whoever made it, with the claims of then, within
/// the `scope` that the request gives it (ours, see `KeyScope`).
enum ApiKey {
    /// A key made by a key is never worth more: it is kept to a scope within its maker's, and ends with it (`KeyLineage`).
    static func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let secret = SecretToken.apiKeySecret(scope.context.ids)
        let requester = scope.requester
        var credential = body
        credential["ttl"] = nil
        credential[KeyLineage.attribute] = requester.key.map(JSONValue.string)
        credential["parent"] = nil
        credential["scope"] = try keyScope(body, by: requester)?.json
        credential["digest"] = .string(SecretToken.hash(SecretToken.normalizedApiKeySecret(secret)))
        credential["claims"] = [
            "identity": .string(requester.activeClaim),
            "roles": JSONValue(requester.claims.filter { !$0.hasPrefix("session/") }.sorted()),
        ]
        credential["expiry"] = try await expiry(body, in: scope).map { .string($0.description) }
        return ResourceDraft(credential, extras: ["secret-key": .string(secret)])
    }

    private static func keyScope(_ body: JSONObject, by requester: Requester) throws(RoadsteadError) -> KeyScope? {
        let asked = try body["scope"].map { json throws(RoadsteadError) in try KeyScope(json: json) }
        guard let held = requester.scope else { return asked }
        guard let asked else { return held }
        guard asked.isWithin(held) else {
            throw RoadsteadError(
                .forbidden, "the new key's scope is wider than that of the key that makes it: \(held.json.text())")
        }
        return asked
    }

    private static func expiry(_ body: JSONObject, in scope: RequestScope) async throws -> Instant? {
        let ttl = body["ttl"]?.integerValue ?? 0
        let asked = ttl > 0 ? scope.now + .seconds(ttl) : nil
        let ends = [asked, try await expiryOfKey(behind: scope)].compactMap { $0 }
        return ends.min()
    }

    /// Until when the key is valid by which the caller has logged in.
    static func expiryOfKey(behind scope: RequestScope) async throws -> Instant? {
        guard let key = scope.requester.key.flatMap({ ResourceID($0) }) else { return nil }
        return try await scope.store.find(key)?["expiry"]?.stringValue.flatMap { Instant(rfc3339: $0) }
    }
}
