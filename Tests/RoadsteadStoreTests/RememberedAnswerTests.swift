import RoadsteadBasics
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("Remembered answers")
struct RememberedAnswerTests {
    private func answer(_ owner: String, _ key: String, _ digest: String = "d", at moment: Int64 = 0)
        -> RememberedAnswer
    {
        RememberedAnswer(
            owner: owner, key: key, digest: digest, status: 201, body: "{\"status\":201}",
            created: Instant(millisecondsSinceEpoch: moment))
    }

    @Test("An answer is found under its owner and key alone, as it was kept")
    func remembered() async throws {
        let store = try await DocumentStore.forTests()
        let kept = answer("user/a", "k1", "digest", at: 1_793_836_800_123)
        try await store.write { try $0.rememberAnswer(kept) }
        #expect(try await store.write { try $0.rememberedAnswer(owner: "user/a", key: "k1") } == kept)
        #expect(try await store.write { try $0.rememberedAnswer(owner: "user/b", key: "k1") } == nil)
        #expect(try await store.write { try $0.rememberedAnswer(owner: "user/a", key: "k2") } == nil)
    }

    @Test("A second answer under the same key is a conflict and takes its transaction with it")
    func taken() async throws {
        let store = try await DocumentStore.forTests()
        let (first, second) = (answer("user/a", "k"), answer("user/a", "k", "other"))
        try await store.write { try $0.rememberAnswer(first) }
        let error = await #expect(throws: RoadsteadError.self) {
            try await store.write { transaction in
                try transaction.insert(["id": "item/1"])
                try transaction.rememberAnswer(second)
            }
        }
        #expect(error?.code == .conflict)
        #expect(try await store.find(#require(ResourceID("item/1"))) == nil)
    }

    @Test("Answers are forgotten by age, younger ones stay")
    func forgotten() async throws {
        let store = try await DocumentStore.forTests()
        let answers = [1, 2, 3].map { answer("user/a", "k\($0)", at: $0) }
        try await store.write { transaction in for answer in answers { try transaction.rememberAnswer(answer) } }
        #expect(try await store.write { try $0.forgetAnswers(before: Instant(millisecondsSinceEpoch: 3)) } == 2)
        #expect(try await store.write { try $0.rememberedAnswer(owner: "user/a", key: "k3") } == answers[2])
        #expect(try await store.write { try $0.rememberedAnswer(owner: "user/a", key: "k2") } == nil)
    }
}
