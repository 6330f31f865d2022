import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct FailureLedgerTests {
    private let start = Instant(millisecondsSinceEpoch: 1_800_000_000_000)

    /// Tries again and again, always as soon as it may, and answers how long each wait was, in seconds.
    private func waits(_ ledger: inout FailureLedger, _ tries: Int, name: (Int) -> String, network: (Int) -> String)
        -> [Int64]
    {
        var now = start
        var waits: [Int64] = []
        for attempt in 0..<tries {
            guard let reopening = ledger.admit(name(attempt), from: network(attempt), at: now) else {
                waits.append(0)
                continue
            }
            waits.append((reopening - now).wholeMilliseconds / 1000)
            now = reopening
            _ = ledger.admit(name(attempt), from: network(attempt), at: now)
        }
        return waits
    }

    @Test("one who guesses a name from one place waits twice as long each time, and then five minutes")
    func pair() {
        var ledger = FailureLedger(capacity: 100)
        let waits = waits(&ledger, 12, name: { _ in "ada" }, network: { _ in "a" })
        #expect(waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 300, 300])
    }

    @Test("one who tries many names from one place is stopped too")
    func network() {
        var ledger = FailureLedger(capacity: 1000)
        let waits = waits(&ledger, 45, name: { "user\($0)" }, network: { _ in "a" })
        #expect(waits.prefix(30).allSatisfy { $0 == 0 })
        #expect(Array(waits[30..<40]) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
    }

    @Test("many places on one name slow each other down, but not the place from where the name has logged in before")
    func botnet() {
        var ledger = FailureLedger(capacity: 10_000)
        #expect(ledger.admit("ada", from: "home", at: start) == nil)
        ledger.succeeded("ada", from: "home", at: start)
        let waits = waits(&ledger, 110, name: { _ in "ada" }, network: { "bot\($0)" })
        #expect(waits.prefix(100).allSatisfy { $0 == 0 })
        #expect(waits[100] == 1 && waits[101] == 2 && waits.max() == 60)
        #expect(ledger.admit("ada", from: "home", at: start) == nil)
        #expect(ledger.admit("ada", from: "elsewhere", at: start) != nil)
        #expect(ledger.admit("bob", from: "elsewhere", at: start) == nil)
    }

    @Test("a success forgets the failures of that name there, and no others")
    func success() {
        var ledger = FailureLedger(capacity: 100)
        for _ in 0..<4 { _ = ledger.admit("ada", from: "a", at: start) }
        for _ in 0..<5 { _ = ledger.admit("ada", from: "b", at: start) }
        #expect(ledger.admit("ada", from: "a", at: start) == nil)
        ledger.succeeded("ada", from: "a", at: start)
        #expect(ledger.admit("ada", from: "a", at: start) == nil)
        #expect(ledger.admit("ada", from: "b", at: start) == start + .seconds(1))
    }

    @Test("a try without a verdict does not count")
    func withdrawn() {
        var ledger = FailureLedger(capacity: 100)
        for _ in 0..<50 {
            #expect(ledger.admit("ada", from: "a", at: start) == nil)
            ledger.withdrawn("ada", from: "a", at: start)
        }
        #expect(ledger.count == 0)
    }

    @Test("a lock ends by itself, and fifteen quiet minutes forget everything")
    func forgets() {
        var ledger = FailureLedger(capacity: 100)
        _ = waits(&ledger, 12, name: { _ in "ada" }, network: { _ in "a" })
        let later = start + .seconds(3600)
        for _ in 0..<5 { #expect(ledger.admit("ada", from: "a", at: later) == nil) }
        #expect(ledger.admit("ada", from: "a", at: later) != nil)
    }

    @Test("a flood of names does not grow the table nor wash a guesser out of it")
    func bounded() {
        var ledger = FailureLedger(capacity: 400)
        for _ in 0..<6 { _ = ledger.admit("ada", from: "a", at: start) }
        for number in 0..<5000 { _ = ledger.admit("n\(number)", from: "w\(number)", at: start) }
        #expect(ledger.count <= 400)
        #expect(ledger.admit("ada", from: "a", at: start) != nil)
        for number in 0..<5000 { ledger.succeeded("n\(number)", from: "w\(number)", at: start) }
        #expect(ledger.count <= 800)
    }

    @Test(
        "addresses of one customer are one network",
        arguments: [
            (nil, "local"), ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("unix", "local"),
            ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2/64"), ("2001:db8:1:2::9", "20:1:d:b8:0:1:0:2/64"),
        ] as [(String?, String)])
    func networks(_ address: String?, _ key: String) {
        #expect(Network.key(of: address) == key)
    }
}

@Suite struct LoginThrottleTests {
    @Test("wrong passwords end in 429 with the time to try again, whether or not the name exists")
    func lock() async throws {
        let people = try await People.make()
        try await people.add("ada")
        var messages: [String: [String]] = [:]
        for name in ["ada", "nobody"] {
            for _ in 0..<6 {
                let error = await people.test.failure {
                    _ = try await people.login(name, password: "Wrong-pass-1", from: "192.0.2.1")
                }
                messages[name, default: []].append(error.message.replacing(name, with: "NAME"))
            }
        }
        #expect(messages["ada"] == messages["nobody"])
        #expect(messages["ada"]?.last?.contains("try again in 1 second, at 2026-11-22T12:00:01.000Z") == true)
        let locked = await people.test.failure { _ = try await people.login("ada", from: "192.0.2.1") }
        #expect(locked.code == .limitExceeded && ErrorAnswer(locked).status == 429)
        // Elsewhere, and a second later here, the right password opens.
        _ = try await people.login("ada", from: "192.0.2.2")
        people.test.clock.advance(by: .seconds(1))
        _ = try await people.login("ada", from: "192.0.2.1")
    }

    @Test("guesses beside each other are counted before they are judged")
    func concurrent() async throws {
        let people = try await People.make()
        try await people.add("ada")
        let codes = await withTaskGroup(of: RoadsteadError.Code.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await people.test.failure {
                        _ = try await people.login("ada", password: "Wrong-pass-1", from: "192.0.2.1")
                    }.code
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.filter { $0 == .forbidden }.count == 5)
        #expect(codes.filter { $0 == .limitExceeded }.count == 15)
    }

    @Test("secrets of keys and the check of a password are guarded in the same way")
    func keysAndChecks() async throws {
        let people = try await People.make()
        let ada = try await people.add("ada")
        let session = try await people.login("ada")
        let key = try await people.key(by: session.requester)
        for attempt in 0..<6 {
            let error = await people.test.failure { _ = try await people.login(key: (key.id, "wrong")) }
            #expect(error.code == (attempt < 5 ? .forbidden : .limitExceeded))
        }
        let user = try await people.test.store.get(try #require(ResourceID(ada)))
        let credential = try #require(user["credential-password"]?.stringValue.flatMap { ResourceID($0) })
        for attempt in 0..<6 {
            let error = await people.test.failure {
                _ = try await people.test.resources.perform(
                    "check-password", on: credential, ["password": "Wrong-pass-1"],
                    in: people.test.scope(.user("user/eve")))
            }
            #expect(error.code == (attempt < 5 ? .forbidden : .limitExceeded))
        }
    }
}
