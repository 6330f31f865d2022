import RoadsteadBasics
import Testing

@testable import RoadsteadClient

@Suite struct JobWatchPolicyTests {
    private let start = Instant(millisecondsSinceEpoch: 0)
    private let away = RoadsteadError(.unavailable, "away")

    private func policy() -> JobWatchPolicy {
        JobWatchPolicy(patience: .seconds(60), pollInterval: .milliseconds(500))
    }

    @Test("a stream that ends early is opened again, more slowly each time")
    func reopen() {
        var policy = policy()
        #expect(policy.streamEnded() == .stream(after: .milliseconds(100)))
        #expect(policy.streamEnded() == .stream(after: .milliseconds(200)))
        for _ in 0..<10 { _ = policy.streamEnded() }
        #expect(policy.streamEnded() == .stream(after: .seconds(2)))
        policy.answered()
        #expect(policy.streamEnded() == .stream(after: .milliseconds(100)))
    }

    @Test(
        "a server without event streams is polled from then on",
        arguments: [RoadsteadError.Code.notFound, .unsupported])
    func polling(_ code: RoadsteadError.Code) {
        var policy = policy()
        #expect(policy.failed(RoadsteadError(code, "no such action"), opening: true, at: start) == .poll(after: .zero))
        #expect(policy.pending() == .poll(after: .milliseconds(500)))
    }

    @Test("a server that is away is waited for as long as patience says")
    func patience() {
        var policy = policy()
        #expect(policy.failed(away, opening: false, at: start) == .stream(after: .milliseconds(100)))
        #expect(policy.failed(away, opening: false, at: start + .seconds(59)) == .stream(after: .milliseconds(200)))
        #expect(policy.failed(away, opening: false, at: start + .seconds(60)) == .giveUp)
    }

    @Test("an answer in between starts the patience anew")
    func patienceAnew() {
        var policy = policy()
        _ = policy.failed(away, opening: false, at: start)
        policy.answered()
        #expect(policy.failed(away, opening: false, at: start + .seconds(100)) != .giveUp)
    }

    @Test(
        "what waiting does not mend ends the watch",
        arguments: [RoadsteadError.Code.forbidden, .unauthenticated, .cancelled, .notFound])
    func giveUp(_ code: RoadsteadError.Code) {
        var policy = policy()
        #expect(policy.failed(RoadsteadError(code, "no"), opening: false, at: start) == .giveUp)
    }
}
