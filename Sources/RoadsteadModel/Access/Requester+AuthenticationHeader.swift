extension Requester {
    /// The identity in the text of a `nuvla-authn-info` header, which internal services send: user id, active claim (the
    /// user id when it is alone), further claims, separated by blanks. The active claim alone grants nothing.
    ///
    /// The header proves nothing by itself: give it in only when a trusted proxy sent it. nil when it is no such text:
    /// longer than 8 KiB, or with a term that is no principal.
    public init?(authenticationHeader text: String) {
        guard text.utf8.count <= 8192 else { return nil }
        let terms = text.split(separator: " ").map(String.init)
        guard let user = terms.first, terms.allSatisfy(Principal.isWellFormed) else { return nil }
        self.init(
            userID: user, activeClaim: terms.count > 1 ? terms[1] : user,
            claims: Set([user] + terms.dropFirst(2)), session: terms.dropFirst().first { $0.hasPrefix("session/") })
    }
}
