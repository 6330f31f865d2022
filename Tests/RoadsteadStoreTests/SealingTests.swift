import Foundation
import RoadsteadBasics
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("Sealed secrets")
struct SealingTests {
    @Test("A secret opens with the same key and context, and with nothing else")
    func roundTrip() throws {
        let sealer = Sealer(key: try SealingKey.random())
        let id = try #require(ResourceID("credential/1"))
        let context = Sealer.context(id, "key")
        let sealed = try sealer.seal("s3cret ✓", context: context)
        #expect(Sealer.isSealed(sealed))
        #expect(!sealed.contains("s3cret"))
        #expect(try sealer.openText(sealed, context: context).exposed == "s3cret ✓")
        #expect(try sealer.seal("s3cret ✓", context: context) != sealed)
        let stranger = Sealer(key: try SealingKey.random())
        #expect(throws: RoadsteadError.self) { try stranger.open(sealed, context: context) }
        #expect(throws: RoadsteadError.self) { try sealer.open(sealed, context: "credential/2#key") }
        #expect(throws: RoadsteadError.self) { try sealer.open("s3cret", context: context) }
    }

    @Test("Every single changed byte is noticed, and no error shows the secret")
    func tampering() throws {
        let sealer = Sealer(key: try SealingKey.random())
        let sealed = try sealer.seal("topsecret", context: "c")
        let data = try #require(Data(base64Encoded: String(sealed.dropFirst(9))))
        for index in data.indices {
            var changed = data
            changed[index] ^= 1
            let error = #expect(throws: RoadsteadError.self) {
                try sealer.open("sealed:1:" + changed.base64EncodedString(), context: "c")
            }
            #expect(error?.code == .invalidState)
            #expect(error?.description.contains("topsecret") == false)
        }
    }

    @Test("A key file is made for its owner alone and read again; one that others may read is refused")
    func keyFile() async throws {
        try await TemporaryDirectory.run { directory in
            let path = directory.file("sealing.key")
            let sealed = try Sealer(key: try SealingKey.obtain(environment: [:], file: path)).seal("x", context: "c")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let again = Sealer(key: try SealingKey.obtain(environment: [:], file: path))
            #expect(try again.openText(sealed, context: "c").exposed == "x")
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            let error = #expect(throws: RoadsteadError.self) { try SealingKey.fromFile(path) }
            #expect(error?.code == .forbidden)
            #expect(error?.message.contains("chmod 600 \(path)") == true)
        }
    }

    @Test("The environment's key goes before the file; a text that is no key is refused without showing it")
    func environment() throws {
        let text = Data(repeating: 7, count: 32).base64EncodedString()
        let key = try SealingKey.obtain(environment: ["ROADSTEAD_KEY": text], file: "/nowhere/key")
        let same = Sealer(key: try SealingKey(bytes: [UInt8](repeating: 7, count: 32)))
        #expect(try same.open(try Sealer(key: key).seal("x", context: "c"), context: "c") == Array("x".utf8))
        for wrong in ["hunter2", Data(repeating: 7, count: 31).base64EncodedString()] {
            let error = #expect(throws: RoadsteadError.self) {
                try SealingKey.obtain(environment: ["ROADSTEAD_KEY": wrong], file: "/nowhere/key")
            }
            #expect(error?.code == .invalidInput)
            #expect(error?.message.contains(wrong) == false)
        }
        let missing = #expect(throws: RoadsteadError.self) { try SealingKey.fromFile("/nowhere/key") }
        #expect(missing?.code == .unavailable)
    }
}
