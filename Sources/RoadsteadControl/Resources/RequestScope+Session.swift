import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension RequestScope {
    /// For answers that last: throws `forbidden` when the caller's session has ended or acts for somebody else by now.
    func checkSession() async throws {
        guard let text = requester.session, let id = ResourceID(text) else { return }
        guard let session = try await store.find(id),
            let expiry = session["expiry"]?.stringValue.flatMap({ Instant(rfc3339: $0) }), expiry > now,
            SessionClaims.read(session["roles"]?.stringValue ?? "") == requester.claims
        else { throw RoadsteadError.credentialsRequired }
    }

    /// Runs `body` for as long as the caller is logged in and has the right on the resource; asked anew every few seconds.
    ///
    /// Throws what `body` throws, and `forbidden` or `notFound` when that is over.
    func whileAllowed(
        _ right: AccessRight, on id: ResourceID, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while true {
                    try await context.clock.sleep(for: .seconds(5))
                    try await checkSession()
                    _ = try await get(id, with: right)
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
