import RoadsteadBasics
import RoadsteadStore

/// Where people may be sent after a login or a registration.
struct RedirectRules {
    let store: DocumentStore

    /// Throws `invalidInput` unless the address is HTTP and begins with one of `authorized-redirect-urls` of
    /// `configuration/nuvla`, when there are any. `https://a.example` does not cover `https://a.example.evil`.
    func check(_ address: String) async throws {
        let scheme = ["https://", "http://"].first { address.hasPrefix($0) }
        let isClean = address.utf8.count <= 2000 && address.utf8.allSatisfy { (33...126).contains($0) && $0 != 92 }
        guard let scheme, isClean, address.utf8.count > scheme.utf8.count else {
            throw RoadsteadError(.invalidInput, "redirect-url must be an http or https address")
        }
        let configuration = try await store.find(ResourceID(type: "configuration", identifier: "nuvla"))
        let allowed = configuration?["authorized-redirect-urls"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard allowed.isEmpty || allowed.contains(where: { Self.covers($0, address) }) else {
            throw RoadsteadError(
                .invalidInput, "redirect-url '\(address)' is not among the ones that this server allows")
        }
    }

    static func covers(_ prefix: String, _ address: String) -> Bool {
        guard !prefix.isEmpty, address.hasPrefix(prefix) else { return false }
        let next = address.dropFirst(prefix.count).first
        return prefix.hasSuffix("/") || next.map { "/?#".contains($0) } ?? true
    }
}
