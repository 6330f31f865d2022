import Foundation
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// A real file system without space: a tmpfs of two megabytes, which takes root to mount.
@Suite("The store on a full disk", .timeLimit(.minutes(2)))
struct StoreDiskFullTests {
    @Test("Writes on a full disk are refused with what to do, nothing that was saved is lost, and space heals it")
    func full() async throws {
        try await withSmallDisk { disk in
            let key = try SealingKey.random()
            let path = disk + "/data/roadstead.db"
            let store = try await DocumentStore.open(path: path, key: key)
            let (saved, refusals) = await fill(store)
            #expect(!saved.isEmpty)
            #expect(!refusals.isEmpty)
            for error in refusals {
                #expect(error.code == .unavailable)
                #expect(error.message.contains("disk that holds \(path) is full"))
            }
            #expect(try await stored(store) == saved)

            try command("/usr/bin/mount", ["-o", "remount,size=32m", disk])
            let late = try await store.write { try $0.insert(["resource-type": "item", "text": "late"]) }
            await store.close()
            let again = try await DocumentStore.open(path: path, key: key)
            #expect(try await stored(again) == saved.union([late.id]))
            await again.close()
        }
    }

    @Test("A store that cannot even be made for lack of space says so")
    func noSpaceAtStart() async throws {
        try await withSmallDisk { disk in
            try command("/usr/bin/dd", ["if=/dev/zero", "of=\(disk)/ballast", "bs=4k"], mayFail: true)
            let error = await #expect(throws: RoadsteadError.self) {
                try await DocumentStore.open(path: disk + "/roadstead.db", key: try SealingKey.random())
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("full") == true)
        }
    }

    /// Many writers at once until each was refused three times: with group commit, some share a transaction with one that
    /// finds no space.
    private func fill(_ store: DocumentStore) async -> (saved: Set<ResourceID>, refusals: [RoadsteadError]) {
        await withTaskGroup(of: ([ResourceID], [RoadsteadError]).self) { group in
            for writer in 0..<8 {
                group.addTask {
                    var (saved, refusals): ([ResourceID], [RoadsteadError]) = ([], [])
                    let text = String(repeating: "x", count: writer.isMultiple(of: 2) ? 200 : 20_000)
                    while refusals.count < 3 {
                        do {
                            let body: JSONObject = ["resource-type": "item", "text": .string(text)]
                            saved.append(try await store.write { try $0.insert(body).id })
                        } catch {
                            refusals.append(error as? RoadsteadError ?? RoadsteadError(.internal, "\(error)"))
                        }
                    }
                    return (saved, refusals)
                }
            }
            return await group.reduce(into: ([], [])) { sum, part in
                sum.0.formUnion(part.0)
                sum.1 += part.1
            }
        }
    }

    private func stored(_ store: DocumentStore) async throws -> Set<ResourceID> {
        Set(try await store.query(DocumentQuery(type: "item")).documents.map(\.id))
    }

    private func withSmallDisk(_ body: (String) async throws -> Void) async throws {
        try await TemporaryDirectory.run { directory in
            let disk = directory.file("disk")
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
            try command("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=2m,mode=0700", "roadstead-test", disk])
            do { try await body(disk) } catch {
                try command("/usr/bin/umount", ["--lazy", disk])
                throw error
            }
            try command("/usr/bin/umount", ["--lazy", disk])
        }
    }

    private func command(_ path: String, _ arguments: [String], mayFail: Bool = false) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(mayFail || process.terminationStatus == 0, "\(path) \(arguments) failed; are you root?")
    }
}
