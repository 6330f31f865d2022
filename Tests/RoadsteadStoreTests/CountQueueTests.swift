import RoadsteadModel
import RoadsteadTestKit
import Testing

@testable import RoadsteadStore

@Suite("Those who wait for a count")
struct CountQueueTests {
    private let question = CountCache.Question(DocumentQuery(type: "job"))

    @Test("the first counts, those who come meanwhile go on when it has left, and the next is first again")
    func oneCounts() async throws {
        let queue = CountQueue()
        #expect(await queue.enter(question))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 { group.addTask { await queue.enter(question) } }
            try await until("five wait") { queue.waiting(question) == 5 }
            queue.leave(question)
            for try await isFirst in group { #expect(!isFirst) }
        }
        #expect(await queue.enter(question))
    }
}
