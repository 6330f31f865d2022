import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct SecretsTests {
    @Test("a name-based id agrees with the reference's vector")
    func nameBasedUUID() {
        #expect(NameBasedUUID.make("ada@example.org") == "5bfcf2d8-e394-3745-9033-2640d72db509")
    }

    @Test("a password is known again by its hash, and no other is")
    func hashing() async throws {
        let hasher = PasswordHasher(cost: .cheapForTests)
        let hash = try await hasher.hash(Redacted("Pass-word-1"))
        #expect(hash.hasPrefix("scrypt$16$1$1$"))
        #expect(try await hasher.verify(Redacted("Pass-word-1"), against: hash))
        #expect(try await !hasher.verify(Redacted("Pass-word-2"), against: hash))
        let other = try await hasher.hash(Redacted("Pass-word-1"))
        #expect(other != hash)
        await hasher.shutdown()
    }

    @Test("a hash that is none matches nothing", arguments: ["", "x", "scrypt$16$1$1$$", "bcrypt$1$1$1$AA==$AA=="])
    func brokenHash(_ hash: String) async throws {
        let hasher = PasswordHasher(cost: .cheapForTests)
        #expect(try await !hasher.verify(Redacted("Pass-word-1"), against: hash))
        await hasher.shutdown()
    }

    @Test("the vector of RFC 7914 comes out")
    func scryptVector() async throws {
        // Section 12: P="password", S="NaCl", N=1024, r=8, p=16; the first 32 of its 64 bytes.
        let expected = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(expected.dropFirst($0).prefix(2), radix: 16) }
        let stored = "scrypt$1024$8$16$\(Base64.encode(Array("NaCl".utf8)))$\(Base64.encode(bytes))"
        let hasher = PasswordHasher(cost: .cheapForTests)
        #expect(try await hasher.verify(Redacted("password"), against: stored))
        await hasher.shutdown()
    }

    @Test(
        "weak passwords are refused",
        arguments: [
            "", "Aa1!aaa", "aaaaaaa1!", "AAAAAAA1!", "Aaaaaaaa!", "Aaaaaaa11", String(repeating: "Aa1!", count: 300),
        ])
    func weak(_ password: String) {
        #expect(throws: RoadsteadError.self) { try PasswordPolicy.check(Redacted(password)) }
    }

    @Test("a strong password passes", arguments: ["Aa1!aaaa", "Pässwort 1!", "Correct horse 4"])
    func strong(_ password: String) {
        #expect(throws: Never.self) { try PasswordPolicy.check(Redacted(password)) }
    }

    @Test("an API key's secret has five groups of six characters that nobody mixes up")
    func apiKeySecret() {
        let ids = SequenceIDs()
        for _ in 0..<200 {
            let groups = SecretToken.apiKeySecret(ids).split(separator: ".")
            #expect(groups.map(\.count) == [6, 6, 6, 6, 6])
            #expect(!groups.joined().contains { "01IOlo".contains($0) })
        }
    }
}
