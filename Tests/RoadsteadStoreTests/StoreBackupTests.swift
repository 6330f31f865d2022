import Foundation
import GRDB
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("Backup")
struct StoreBackupTests {
    private let clock = FixedClock()

    private func open(_ path: String, _ key: SealingKey) async throws -> DocumentStore {
        try await .open(path: path, key: key, clock: clock, ids: SequenceIDs())
    }

    private func insert(_ numbers: Range<Int>, into store: DocumentStore) async throws {
        try await store.write { transaction in
            for number in numbers {
                try transaction.insert([
                    "id": .string("item/\(number)"), "name": .string("Item \(number)"),
                    "acl": ["owners": ["user/a"]],
                ])
            }
        }
    }

    @Test("A backup taken while eight writers write holds every document of before, and restores elsewhere")
    func roundTrip() async throws {
        try await TemporaryDirectory.run { directory in
            let key = try SealingKey.random()
            let store = try await open(directory.file("roadstead.db"), key)
            try await insert(0..<300, into: store)
            let (path, file) = (directory.file("roadstead.db"), directory.file("roadstead.backup"))
            let (written, isDone) = (Shared(300), Shared(false))
            let summary = try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 1...8 {
                    group.addTask {
                        var number = writer * 1000
                        while !isDone.value {
                            try await insert(number..<number + 1, into: store)
                            written.change { $0 += 1 }
                            number += 1
                        }
                    }
                }
                // The copy begins in the midst of writing.
                try await until("the writers are at it") { written.value >= 340 }
                defer { isDone.change { $0 = true } }
                return try await StoreBackup.create(from: path, to: file, clock: clock)
            }
            #expect(summary.documents >= 340)
            #expect(summary.documents <= written.value)
            #expect(summary.formatVersion == 4)
            #expect(summary.created == clock.now)
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect((attributes[.size] as? NSNumber)?.int64Value == summary.bytes)
            await store.close()
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory.path).allSatisfy {
                    !$0.contains("partial")
                })

            let other = directory.file("elsewhere/data/roadstead.db")
            #expect(try await StoreBackup.verify(file) == summary)
            #expect(try await StoreBackup.restore(file, to: other) == summary)
            let restored = try await open(other, key)
            for number in 0..<300 {
                #expect(
                    try await restored.get(#require(ResourceID("item/\(number)")))["name"] == .string("Item \(number)"))
            }
            let listed = DocumentQuery(type: "item", filter: .equal("name", "Item 7"), visibleTo: ["user/a"])
            #expect(try await restored.query(listed).documents.map(\.id.description) == ["item/7"])
            #expect(try await restored.query(DocumentQuery(type: "item", last: 0)).count == summary.documents)
            try await insert(90_000..<90_001, into: restored)
            await restored.close()
        }
    }

    @Test("Neither a backup nor a restore writes over anything, and no store is restored under a running server")
    func refusals() async throws {
        try await TemporaryDirectory.run { directory in
            let key = try SealingKey.random()
            let (path, file) = (directory.file("roadstead.db"), directory.file("backup"))
            let store = try await open(path, key)
            try await StoreBackup.create(from: path, to: file, clock: clock)
            let again = await #expect(throws: RoadsteadError.self) {
                try await StoreBackup.create(from: path, to: file)
            }
            #expect(again?.code == .conflict)
            let held = await #expect(throws: RoadsteadError.self) { try await StoreBackup.restore(file, to: path) }
            #expect(held?.code == .unavailable)
            #expect(held?.message.contains("in use by another Roadstead server") == true)
            await store.close()
            let existing = await #expect(throws: RoadsteadError.self) { try await StoreBackup.restore(file, to: path) }
            #expect(existing?.code == .conflict)
            #expect(existing?.message.contains(path) == true)
            let missing = await #expect(throws: RoadsteadError.self) {
                try await StoreBackup.create(from: directory.file("nothing.db"), to: directory.file("b2"))
            }
            #expect(missing?.code == .notFound)
            let nowhere = await #expect(throws: RoadsteadError.self) {
                try await StoreBackup.verify(directory.file("b3"))
            }
            #expect(nowhere?.code == .notFound)
        }
    }

    @Test("A damaged, a foreign, a newer file, and a store that is no backup are told apart")
    func badFiles() async throws {
        try await TemporaryDirectory.run { directory in
            let key = try SealingKey.random()
            let (path, file) = (directory.file("roadstead.db"), directory.file("backup"))
            let store = try await open(path, key)
            try await insert(0..<400, into: store)
            await store.close()
            try await StoreBackup.create(from: path, to: file, clock: clock)
            let whole = try Data(contentsOf: URL(fileURLWithPath: file))

            func refused(_ name: String, _ data: Data) async throws -> RoadsteadError? {
                let bad = directory.file(name)
                try data.write(to: URL(fileURLWithPath: bad))
                let error = await #expect(throws: RoadsteadError.self) {
                    try await StoreBackup.restore(bad, to: directory.file(name + ".db"))
                }
                #expect(!FileManager.default.fileExists(atPath: directory.file(name + ".db")))
                return error
            }
            var torn = whole
            torn.replaceSubrange(8192..<24_576, with: Data(repeating: 0xA5, count: 16_384))
            #expect(try await refused("torn", torn)?.code == .invalidInput)
            let short = try await refused("short", whole.prefix(whole.count / 2))
            #expect(short?.message.contains("is damaged") == true)
            let text = try await refused("text", Data(String(repeating: "no database\n", count: 500).utf8))
            #expect(text?.message.contains("no Roadstead store") == true)
            #expect(try await refused("empty", Data())?.code == .unsupported)
            var newer = whole
            newer.replaceSubrange(60..<64, with: Data([0, 0, 0, 99]))
            #expect(try await refused("newer", newer)?.message.contains("newer Roadstead") == true)

            let foreign = directory.file("foreign.db")
            try await DatabaseQueue(path: foreign).writeWithoutTransaction { try $0.execute(sql: "CREATE TABLE t (a)") }
            let notOurs = await #expect(throws: RoadsteadError.self) { try await StoreBackup.verify(foreign) }
            #expect(notOurs?.code == .unsupported)
            let live = await #expect(throws: RoadsteadError.self) { try await StoreBackup.verify(path) }
            #expect(live?.message.contains("no backup") == true)
        }
    }
}
