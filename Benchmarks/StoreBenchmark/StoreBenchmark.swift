import Foundation
import RoadsteadBasics
import RoadsteadStore

/// The store's own rate: durable writes of the documents that `Benchmarks/api` posts, by as many writers as the load tool has
/// connections. `store-benchmark FILE WRITES WRITERS` prints writes a second.
@main
enum StoreBenchmark {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 4, let writes = Int(words[2]), let writers = Int(words[3]), writers > 0 else {
            print("usage: store-benchmark FILE WRITES WRITERS")
            exit(2)
        }
        let store = try await DocumentStore.open(path: words[1], key: try .random())
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for number in stride(from: writer, to: writes, by: writers) {
                        try await store.write { _ = try $0.insert(document(number)) }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        await store.close()
        print(Int(Double(writes) / seconds))
    }

    private static func document(_ number: Int) -> JSONObject {
        [
            "resource-type": "data-record", "name": .string("record \(number)"),
            "infrastructure-service": "infrastructure-service/11111111-2222-3333-4444-555555555555",
            "content-type": .string("type/\(number % 10)"), "bytes": JSONValue(number % 100_000),
            "timestamp": "2026-03-05T10:00:00.000Z", "tags": ["bench", .string("t\(number % 100)")],
            "description":
                "A record of the benchmark, as long as such records are: it says where it came from and why.",
            "acl": [
                "owners": ["user/11111111-2222-3333-4444-555555555555"], "edit-acl": ["group/nuvla-admin"],
                "edit-data": ["group/nuvla-admin"], "edit-meta": ["group/nuvla-admin"], "delete": ["group/nuvla-admin"],
                "manage": ["group/nuvla-admin"], "view-acl": ["group/nuvla-admin"], "view-data": ["group/nuvla-admin"],
                "view-meta": ["group/nuvla-admin"],
            ],
        ]
    }
}
