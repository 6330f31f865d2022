import GRDB
import RoadsteadBasics

/// The answer that was given to a request with an idempotency key, kept so that a repetition gets the same one.
public struct RememberedAnswer: Sendable, Hashable {
    /// The principal that asked: keys of different principals never meet.
    public let owner: String
    public let key: String
    /// Of the request's body, to tell a repetition from another request under the same key.
    public let digest: String
    public let status: Int
    /// Never holds a secret.
    public let body: String
    public let created: Instant

    public init(owner: String, key: String, digest: String, status: Int, body: String, created: Instant) {
        self.owner = owner
        self.key = key
        self.digest = digest
        self.status = status
        self.body = body
        self.created = created
    }
}

extension StoreTransaction {
    /// The answer that this principal got under this key, or nil.
    public func rememberedAnswer(owner: String, key: String) throws -> RememberedAnswer? {
        let statement = try database.cachedStatement(
            sql: "SELECT digest, status, body, created FROM remembered_answer WHERE owner = ? AND key = ?")
        return try Row.fetchOne(statement, arguments: [owner, key]).map { row in
            RememberedAnswer(
                owner: owner, key: key, digest: row[0], status: row[1], body: row[2],
                created: Instant(millisecondsSinceEpoch: row[3]))
        }
    }

    /// Keeps the answer. In the transaction of the change that it tells of, change and answer stand or fall together.
    ///
    /// Throws conflict when the principal has an answer under this key already.
    public func rememberAnswer(_ answer: RememberedAnswer) throws {
        guard try rememberedAnswer(owner: answer.owner, key: answer.key) == nil else {
            throw RoadsteadError(
                .conflict, "the idempotency key '\(answer.key)' was used already; repeat the request to get its answer")
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO remembered_answer (owner, key, digest, status, body, created) VALUES (?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            answer.owner, answer.key, answer.digest, answer.status, answer.body, answer.created.millisecondsSinceEpoch,
        ])
    }

    /// Drops the answers given before `moment` and says how many there were.
    @discardableResult
    public func forgetAnswers(before moment: Instant) throws -> Int {
        try database.cachedStatement(sql: "DELETE FROM remembered_answer WHERE created < ?")
            .execute(arguments: [moment.millisecondsSinceEpoch])
        return database.changesCount
    }
}
