import RoadsteadBasics
import RoadsteadTestKit
import Testing

@Suite("Keyed lock", .timeLimit(.minutes(1)))
struct KeyedLockTests {
    @Test("Under one key only one runs at a time; keys do not know each other")
    func exclusion() async throws {
        let lock = KeyedLock<String>()
        let inside = Shared<[String: Int]>([:])
        let most = Shared(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                let key = "k\(number % 3)"
                group.addTask {
                    try await lock.withLock(key) { _ in
                        let now = inside.change { counts in
                            counts[key, default: 0] += 1
                            return counts[key] ?? 0
                        }
                        most.change { $0 = max($0, now) }
                        await Task.yield()
                        inside.change { $0[key, default: 0] -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(most.value == 1)
        #expect(!lock.isHeld("k0"))
        try await lock.withLock("a") { proof in
            #expect(proof.key == "a")
            #expect(lock.isHeld("a"))
            try await lock.withLock("b") { _ in #expect(lock.isHeld("b")) }
        }
    }

    @Test("First come, first served")
    func fairness() async throws {
        let lock = KeyedLock<Int>()
        let order = Shared<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await lock.withLock(1) { _ in
                for number in 0..<10 {
                    group.addTask { try await lock.withLock(1) { _ in order.change { $0.append(number) } } }
                    try await until("task \(number) waits") { lock.queueLength(1) > number }
                }
            }
            try await group.waitForAll()
        }
        #expect(order.value == Array(0..<10))
    }

    @Test("A waiter that is cancelled leaves the queue and never runs; the lock goes on to the next")
    func cancellation() async throws {
        let lock = KeyedLock<Int>()
        let ran = Shared<[String]>([])
        try await lock.withLock(1) { _ in
            let waiter = Task { try await lock.withLock(1) { _ in ran.change { $0.append("cancelled") } } }
            try await until("one waits") { lock.queueLength(1) == 1 }
            let next = Task { try await lock.withLock(1) { _ in ran.change { $0.append("next") } } }
            try await until("two wait") { lock.queueLength(1) == 2 }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
            #expect(lock.queueLength(1) == 1)
            _ = next
        }
        try await until("the lock is free") { !lock.isHeld(1) }
        #expect(ran.value == ["next"])
    }

    @Test("Many cancelled and uncancelled waiters leave the lock free")
    func churn() async throws {
        let lock = KeyedLock<Int>()
        let done = Shared(0)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let task = Task { try await lock.withLock(1) { _ in await Task.yield() } }
                    if number.isMultiple(of: 2) { task.cancel() }
                    if (try? await task.value) != nil { done.change { $0 += 1 } }
                }
            }
        }
        #expect(done.value >= 150)
        #expect(!lock.isHeld(1))
    }

    @Test("An error of the body passes and gives the lock free")
    func errors() async throws {
        struct Refusal: Error {}
        let lock = KeyedLock<Int>()
        await #expect(throws: Refusal.self) { try await lock.withLock(1) { _ in throw Refusal() } }
        #expect(!lock.isHeld(1))
    }
}

@Suite("Backoff")
struct BackoffTests {
    @Test("The ceiling doubles from the base to the cap, for any number of failures")
    func ceiling() {
        let backoff = Backoff(base: .seconds(2), cap: .seconds(120))
        #expect(
            [0, 1, 2, 3, 6, 7, 8, 1_000_000].map { backoff.ceiling(failures: $0).components.seconds } == [
                2, 2, 4, 8, 64, 120, 120, 120,
            ])
        #expect(Backoff(base: .seconds(9), cap: .seconds(5)).ceiling(failures: 1) == .seconds(5))
    }

    @Test("The wait is the random share of the ceiling")
    func delay() {
        let backoff = Backoff(base: .seconds(2), cap: .seconds(120))
        #expect(backoff.delay(failures: 3, random: 0) == .zero)
        #expect(backoff.delay(failures: 3, random: 0.5) == .seconds(4))
        #expect(backoff.delay(failures: 3, random: 7) == .seconds(8))
        #expect(backoff.delay(failures: 3, random: -1) == .zero)
    }

    @Test("Random shares lie in 0..<1 and spread over it")
    func spread() {
        let ids = SequenceIDs(seed: 5)
        let shares = (0..<1000).map { _ in ids.makeUnitRandom() }
        #expect(shares.allSatisfy { (0..<1).contains($0) })
        #expect(Set(shares.map { Int($0 * 10) }) == Set(0..<10))
    }
}

@Suite("A clock that stands still", .timeLimit(.minutes(1)))
struct FixedClockTests {
    @Test("Sleepers wake when their time has come, and at once when they are cancelled")
    func sleepers() async throws {
        let clock = FixedClock()
        let (early, late) = (
            Task { try await clock.sleep(for: .seconds(5)) }, Task { try await clock.sleep(for: .seconds(50)) }
        )
        try await until("both sleep") { clock.sleeperCount == 2 }
        clock.advance(by: .seconds(5))
        try await early.value
        #expect(clock.sleeperCount == 1)
        late.cancel()
        await #expect(throws: CancellationError.self) { try await late.value }
        try await clock.sleep(for: .zero)
        #expect(clock.now.description == "2026-11-22T12:00:05.000Z")
    }
}
