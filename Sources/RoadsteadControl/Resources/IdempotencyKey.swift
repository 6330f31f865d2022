import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// A caller's name for one request (`Idempotency-Key`): a repetition under the same name gets the first one's answer
/// and does nothing again.
public struct IdempotencyKey: Sendable, Hashable {
    /// How long an answer is kept.
    static let lifetime = Duration.seconds(24 * 3600)

    let key: String
    /// The principal: keys of different ones never meet.
    let owner: String
    /// Of what was asked, to tell a repetition from another request under the same key.
    let digest: String

    /// `text` is the header's. Throws `invalidInput` unless it has 1 to 255 visible ASCII characters.
    public init(_ text: String, request: String, body: [UInt8], in scope: RequestScope) throws(RoadsteadError) {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw RoadsteadError(
                .invalidInput, "an Idempotency-Key has 1 to 255 visible ASCII characters, such as those of a UUID")
        }
        key = text
        owner = scope.requester.author + " " + scope.requester.activeClaim
        digest = scope.store.sealer.fingerprint(Array((request + "\n").utf8) + body)
    }

    /// The answer as it is kept. What is shown only once is not kept, and the message says so.
    func remembered(_ answer: OperationAnswer, at moment: Instant) -> RememberedAnswer {
        var kept = answer
        kept.extras = [:]
        if !answer.extras.isEmpty {
            kept.message += "; \(answer.extras.keys.joined(separator: ", ")) was shown with the first answer only"
        }
        return RememberedAnswer(
            owner: owner, key: key, digest: digest, status: kept.status, body: JSONValue.object(kept.json).text(),
            created: moment)
    }
}

extension StoreTransaction {
    /// Keeps the answer along with the change that it tells of, and drops those that are too old.
    func remember(_ answer: OperationAnswer, for key: IdempotencyKey) throws {
        try forgetAnswers(before: now - IdempotencyKey.lifetime)
        try rememberAnswer(key.remembered(answer, at: now))
    }
}
