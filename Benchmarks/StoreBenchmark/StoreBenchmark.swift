import Foundation
import RoadsteadBasics
import RoadsteadStore

/// What Benchmarks/api asks of the store without a server.
///
/// - `store-benchmark rate FILE WRITES WRITERS`: durable writes of the documents that it posts, by as many writers as the load tool
///   has connections; prints writes a second.
/// - `store-benchmark seed DIRECTORY FIRST COUNT USER`: puts that many of them into the store of a server's data directory, a tenth
///   of them the user's; the server must be stopped.
@main
enum StoreBenchmark {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        let numbers = words.dropFirst(2).compactMap { Int($0) }
        if words.first == "rate", words.count == 4, numbers.count == 2, numbers[1] > 0 {
            print(Int(try await rate(path: words[1], writes: numbers[0], writers: numbers[1])))
        } else if words.first == "seed", words.count == 5, numbers.count == 2 {
            try await seed(directory: words[1], numbers: numbers[0]..<(numbers[0] + numbers[1]), user: words[4])
        } else {
            print("usage: store-benchmark rate FILE WRITES WRITERS | seed DIRECTORY FIRST COUNT USER")
            exit(2)
        }
    }

    private static func rate(path: String, writes: Int, writers: Int) async throws -> Double {
        let store = try await DocumentStore.open(path: path, key: try .random())
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for number in stride(from: writer, to: writes, by: writers) {
                        try await store.write { _ = try $0.insert(document(number, owner: stranger(1))) }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        await store.close()
        return Double(writes) / seconds
    }

    /// A thousand a transaction. The numbers that the load tool draws by chance are drawn from the document's own number.
    private static func seed(directory: String, numbers: Range<Int>, user: String) async throws {
        let key = try SealingKey.fromFile(directory + "/roadstead.key")
        let store = try await DocumentStore.open(path: directory + "/roadstead.sqlite", key: key)
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 1000) {
            try await store.write { transaction in
                for number in start..<min(start + 1000, numbers.upperBound) {
                    let drawn = scattered(number)
                    let owner = drawn % 10 == 0 ? user : stranger(drawn / 10 % 9 + 1)
                    _ = try transaction.insert(document(number, owner: owner))
                }
            }
        }
        await store.close()
    }

    private static func stranger(_ number: Int) -> String { "user/00000000-0000-0000-0000-00000000000\(number)" }

    /// SplitMix64's last steps: neighbours become strangers.
    private static func scattered(_ number: Int) -> Int {
        var bits = UInt64(bitPattern: Int64(number)) &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((bits ^ (bits >> 31)) >> 2)
    }

    private static func document(_ number: Int, owner: String) -> JSONObject {
        let drawn = scattered(~number)
        let day = "\(twoDigits(drawn / 10 % 12 + 1))-\(twoDigits(drawn / 120 % 28 + 1))"
        let time = "\(twoDigits(drawn / 3360 % 24)):\(twoDigits(drawn / 80640 % 60))"
        let admin: JSONValue = ["group/nuvla-admin"]
        return [
            "resource-type": "data-record", "name": .string("record \(number)"),
            "infrastructure-service": "infrastructure-service/11111111-2222-3333-4444-555555555555",
            "content-type": .string("type/\(drawn % 10)"), "bytes": JSONValue(drawn % 100_000),
            "timestamp": .string("2026-\(day)T\(time):00.000Z"), "tags": ["bench", .string("t\(drawn % 100)")],
            "description":
                "A record of the benchmark, as long as such records are: it says where it came from and why.",
            "acl": [
                "owners": [.string(owner)], "edit-acl": admin, "edit-data": admin, "edit-meta": admin, "delete": admin,
                "manage": admin, "view-acl": admin, "view-data": admin, "view-meta": admin,
            ],
        ]
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
