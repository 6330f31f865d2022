import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@Suite("Ids, secrets and errors")
struct IdentityTests {
    @Test("A resource id is type/identifier", arguments: ["deployment/6f1c", "group/nuvla-admin", "a-b/A_b.c-1"])
    func accepts(_ text: String) throws {
        let id = try #require(ResourceID(text))
        #expect(id.description == text)
        let data = try JSONEncoder().encode([id])
        #expect(try JSONDecoder().decode([ResourceID].self, from: data) == [id])
    }

    @Test(
        "Anything else is no resource id",
        arguments: [
            "", "/", "a/", "/b", "a", "A/b", "a/b/c", "a/b c", "a/é", "a/b\n",
            "a/" + String(repeating: "x", count: 255),
        ])
    func refuses(_ text: String) {
        #expect(ResourceID(text) == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ResourceID].self, from: try JSONEncoder().encode([text]))
        }
    }

    @Test("New ids are lower-case UUIDs of version 4, and random bytes differ")
    func fresh() {
        let ids = SystemIDSource()
        let uuid = ids.makeUUID()
        #expect(uuid.utf8.count == 36 && uuid == uuid.lowercased() && Array(uuid.utf8)[14] == UInt8(ascii: "4"))
        #expect(ids.makeUUID() != uuid)
        #expect(ids.makeRandomBytes(32) != ids.makeRandomBytes(32))
        #expect(ids.makeRandomBytes(0).isEmpty)
    }

    @Test("A secret shows itself in no printed form")
    func redacted() {
        struct Holder { let secret = Redacted("hunter2") }
        var dumped = ""
        dump(Holder(), to: &dumped)
        for text in ["\(Redacted("hunter2"))", String(reflecting: Redacted("hunter2")), "\(Holder())", dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(Redacted("hunter2").exposed == "hunter2")
    }

    @Test("Errors are equal by code and message, and tell their cause")
    func errors() {
        struct Cause: Error, CustomStringConvertible { let description = "disk on fire" }
        let error = RoadsteadError(.unavailable, "try again", cause: Cause())
        #expect(error == RoadsteadError(.unavailable, "try again"))
        #expect(error != RoadsteadError(.timeout, "try again"))
        #expect(error.description == "unavailable: try again (cause: disk on fire)")
    }
}
