import Foundation
import RoadsteadBasics
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("The database file")
struct StoreFileTests {
    private func open(_ path: String, _ key: SealingKey) async throws -> DocumentStore {
        try await .open(path: path, key: key, clock: FixedClock(), ids: SequenceIDs())
    }

    @Test("What was written is there when the file is opened again; file and lock are the owner's alone")
    func reopen() async throws {
        try await TemporaryDirectory.run { directory in
            let key = try SealingKey.random()
            let path = directory.file("data/roadstead.db")
            let store = try await open(path, key)
            let id = try await store.write { try $0.insert(["id": "group/ops", "name": "Ops"]).id }
            for file in [path, path + "-wal", path + ".lock"] {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(file)")
            }
            await store.close()
            let again = try await open(path, key)
            #expect(try await again.get(id)["name"] == "Ops")
            await again.close()
        }
    }

    @Test("A second store on the same file is refused, naming the file and the process; closing gives it free")
    func locked() async throws {
        try await TemporaryDirectory.run { directory in
            let key = try SealingKey.random()
            let path = directory.file("roadstead.db")
            let store = try await open(path, key)
            let error = await #expect(throws: RoadsteadError.self) { try await open(path, key) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
            await store.close()
            await (try open(path, key)).close()
        }
    }

    @Test("Stores that are refused close no file of others, however many are refused at once")
    func refusedAtOnce() async throws {
        try await TemporaryDirectory.run { directory in
            let key = try SealingKey.random()
            let path = directory.file("roadstead.db")
            let store = try await open(path, key)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask { _ = try? await self.open(path, key) }
                    group.addTask {
                        let other = try await self.open(directory.file("\(number).db"), key)
                        try await other.write { _ = try $0.insert(["id": "item/1"]) }
                        await other.close()
                    }
                }
                try await group.waitForAll()
            }
            try await store.write { _ = try $0.insert(["id": "item/1"]) }
            await store.close()
        }
    }

    @Test("Another process that holds the lock keeps the store out until it ends")
    func lockedByAnotherProcess() async throws {
        try await TemporaryDirectory.run { directory in
            let path = directory.file("roadstead.db")
            let key = try SealingKey.random()
            let holder = Process()
            holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
            holder.arguments = ["--exclusive", path + ".lock", "cat"]
            let (input, output) = (Pipe(), Pipe())
            (holder.standardInput, holder.standardOutput) = (input, output)
            try holder.run()
            // What comes back through `cat` proves that the lock is held.
            try input.fileHandleForWriting.write(contentsOf: Data("held\n".utf8))
            #expect(try output.fileHandleForReading.read(upToCount: 5) == Data("held\n".utf8))
            let error = await #expect(throws: RoadsteadError.self) { try await open(path, key) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("in use by another Roadstead server") == true)
            try input.fileHandleForWriting.close()
            holder.waitUntilExit()
            await (try open(path, key)).close()
        }
    }

    @Test("Another key than the one that the store was made with is refused at once")
    func wrongKey() async throws {
        try await TemporaryDirectory.run { directory in
            let path = directory.file("roadstead.db")
            await (try open(path, try SealingKey.random())).close()
            let error = await #expect(throws: RoadsteadError.self) { try await open(path, try SealingKey.random()) }
            #expect(error?.code == .invalidState)
            #expect(error?.message.contains("sealing key") == true)
        }
    }

    @Test("A file that is no database, a foreign database and a newer format are refused with what to do")
    func foreignFiles() async throws {
        try await TemporaryDirectory.run { directory in
            let key = try SealingKey.random()
            let text = directory.file("text.db")
            try String(repeating: "this is not a database\n", count: 100).write(
                toFile: text, atomically: true, encoding: .utf8)
            let noDatabase = await #expect(throws: RoadsteadError.self) { try await open(text, key) }
            #expect(noDatabase?.code == .unsupported)
            #expect(noDatabase?.message.contains("no SQLite database") == true)

            let path = directory.file("roadstead.db")
            await (try open(path, key)).close()
            // SQLite's header: user_version at byte 60, application_id at byte 68, big-endian.
            try patch(path, at: 60, with: [0, 0, 0, 99])
            let newer = await #expect(throws: RoadsteadError.self) { try await open(path, key) }
            #expect(newer?.code == .unsupported)
            #expect(newer?.message.contains("format 99, written by a newer Roadstead") == true)
            try patch(path, at: 60, with: [0, 0, 0, 1])
            try patch(path, at: 68, with: [1, 2, 3, 4])
            let foreign = await #expect(throws: RoadsteadError.self) { try await open(path, key) }
            #expect(foreign?.code == .unsupported)
            #expect(foreign?.message.contains("another program") == true)
        }
    }

    @Test("A damaged file is reported as damaged, not as empty")
    func damaged() async throws {
        try await TemporaryDirectory.run { directory in
            let key = try SealingKey.random()
            let path = directory.file("roadstead.db")
            let store = try await open(path, key)
            try await store.write { transaction in
                for number in 0..<200 {
                    try transaction.insert([
                        "id": .string("item/\(number)"), "text": .string(String(repeating: "x", count: 500)),
                    ])
                }
            }
            await store.close()
            let size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
            try patch(path, at: 4096, with: [UInt8](repeating: 0xFF, count: size - 4096))
            let error = await #expect(throws: RoadsteadError.self) {
                let store = try await open(path, key)
                _ = try await store.query(DocumentQuery(type: "item"))
            }
            #expect(error?.code == .internal)
            #expect(error?.message.contains("damaged") == true)
        }
    }

    @Test("A directory that cannot be made and a closed store say so")
    func unusable() async throws {
        let key = try SealingKey.random()
        let error = await #expect(throws: RoadsteadError.self) { try await open("/proc/nowhere/roadstead.db", key) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("/proc/nowhere") == true)
        try await TemporaryDirectory.run { directory in
            let store = try await open(directory.file("roadstead.db"), key)
            await store.close()
            let closed = await #expect(throws: RoadsteadError.self) {
                try await store.write { _ = try $0.insert(["id": "item/1"]) }
            }
            #expect(closed?.code == .unavailable)
            #expect(closed?.message.contains("SELECT") == false)
        }
    }

    private func patch(_ path: String, at offset: Int, with bytes: [UInt8]) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }
}
