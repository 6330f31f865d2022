import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Does each request with an idempotency key once, also when the same one comes twice at the same time.
public struct IdempotentRequests: Sendable {
    private let underWay = KeyedLock<String>()

    public init() {}

    /// Does the work, or answers what it was answered with before. Throws `conflict` with the fact `idempotency-key`
    /// (422) when the key was used for another request.
    ///
    /// An add keeps its answer in its own transaction; other answers are kept right after the work. Failures are not
    /// kept: a repetition tries again.
    public func perform(
        _ key: IdempotencyKey, in scope: RequestScope,
        _ work: (RequestScope) async throws -> ResourceAnswer
    ) async throws -> ResourceAnswer {
        try await underWay.withLock(key.owner + " " + key.key) { _ in
            if let replay = try await replay(key, in: scope) { return replay }
            var scope = scope
            scope.idempotency = key
            let answer = try await work(scope)
            if case .operation(let operation) = answer.content {
                try await keep(operation, for: key, in: scope)
            }
            return answer
        }
    }

    private func replay(_ key: IdempotencyKey, in scope: RequestScope) async throws -> ResourceAnswer? {
        let oldest = scope.now - IdempotencyKey.lifetime
        let found = try await scope.store.write { try $0.rememberedAnswer(owner: key.owner, key: key.key) }
        guard let found, found.created >= oldest else { return nil }
        guard found.digest == key.digest else {
            throw RoadsteadError(
                .conflict,
                "the Idempotency-Key '\(key.key)' was used for another request; take a new key for a new request",
                context: ["idempotency-key": key.key])
        }
        let body = try JSONValue.parse(found.body).objectValue ?? [:]
        return ResourceAnswer(.replay(status: found.status, body))
    }

    private func keep(_ answer: OperationAnswer, for key: IdempotencyKey, in scope: RequestScope) async throws {
        try await scope.store.write { transaction in
            guard try transaction.rememberedAnswer(owner: key.owner, key: key.key) == nil else { return }
            try transaction.remember(answer, for: key)
        }
    }
}
