import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Synchronization
import Testing

@Suite struct CredentialScheduleTests {
    /// Remembers what it was asked to check.
    private final class Checker: JobHandler {
        let action = "credential_check"
        private let targets = Mutex<[String]>([])

        var seen: [String] { targets.withLock { $0 } }

        func run(_ context: JobContext) async throws -> JobOutcome {
            targets.withLock { $0.append(context.target.description) }
            return .succeeded(message: "")
        }
    }

    @Test("everything that opens a service which can be asked is due, behind what people wait for; nothing else is")
    func drafts() async throws {
        let test = try await TestPlane.make()
        let subtypes = [
            "infrastructure-service-swarm", "infrastructure-service-minio", "infrastructure-service-registry",
            "infrastructure-service-helm-repo", "infrastructure-service-kubernetes", "api-key", "ssh-key",
        ]
        try await test.store.write { transaction in
            for subtype in subtypes {
                try transaction.insert(["id": .string("credential/" + subtype), "subtype": .string(subtype)])
            }
        }
        let drafts = try await test.store.write { try JobSchedule.credentialChecks.drafts($0) }
        #expect(drafts.map(\.target.identifier).sorted() == subtypes[..<4].sorted())
        #expect(drafts.allSatisfy { $0.action == "credential_check" && $0.priority == JobDraft.backgroundPriority })
    }

    @Test("each credential is checked at the start and every hour, one that was added meanwhile too")
    func hourly() async throws {
        let clock = FixedClock()
        let store = try await DocumentStore.forTests(clock: clock)
        let add = { @Sendable (name: String) in
            _ = try await store.write {
                try $0.insert(["id": .string("credential/" + name), "subtype": "infrastructure-service-swarm"])
            }
        }
        try await add("a")
        let checker = Checker()
        let runner = JobRunner(
            store: store, handlers: [checker], schedules: [.credentialChecks], clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let ended = { @Sendable (count: Int) in
            let query = DocumentQuery(type: "job", filter: .equal("state", "SUCCESS"))
            while try await store.query(query).count < count { try await Task.sleep(for: .milliseconds(1)) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            try await ended(1)
            try await add("b")
            // The runner's poll and its heartbeat sleep by this clock: both are there to be woken.
            try await until("both sleep") { clock.sleeperCount >= 2 }
            clock.advance(by: .seconds(3599))
            try await until("both sleep") { clock.sleeperCount >= 2 }
            #expect(checker.seen == ["credential/a"])
            clock.advance(by: .seconds(1))
            try await ended(3)
            group.cancelAll()
        }
        #expect(checker.seen.sorted() == ["credential/a", "credential/a", "credential/b"])
    }
}
