import CryptoExtras
import Foundation
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@testable import RoadsteadControl

@Suite struct KeyPairTests {
    private func add(_ test: TestPlane, _ template: JSONObject) async throws -> (ResourceID, OperationAnswer) {
        let answer = try await test.resources.add(
            "credential", ["name": "k", "template": .object(template)], in: test.scope())
        let operation = try #require(TestPlane.operation(answer))
        return (try #require(operation.resourceID.flatMap { ResourceID($0) }), operation)
    }

    @Test("a pair is made whose halves belong together; the private one is in the answer and nowhere else")
    func generated() async throws {
        let test = try await TestPlane.make()
        let (id, answer) = try await add(test, ["href": "credential-template/generate-ssh-key"])
        let pem = try #require(answer.extras["private-key"]?.stringValue)
        let line = try #require(answer.extras["public-key"]?.stringValue)
        let key = try _RSA.Signing.PrivateKey(pemRepresentation: pem)
        let numbers = try key.publicKey.getKeyPrimitives()
        #expect(numbers.modulus.count == 384)
        #expect(
            line == OpenSSHPublicKey.rsa(exponent: Array(numbers.publicExponent), modulus: Array(numbers.modulus)))
        let stored = try await test.store.get(id)
        #expect(stored["public-key"] == .string(line) && stored["private-key"] == nil)
    }

    @Test("numbers are written as SSH wants them: no needless zeros, none that look negative")
    func encoding() throws {
        let line = OpenSSHPublicKey.rsa(exponent: [0, 1, 0, 1], modulus: [0x80, 1])
        let blob = try #require(Data(base64Encoded: String(line.dropFirst("ssh-rsa ".count))))
        #expect(Array(blob) == [0, 0, 0, 7] + Array("ssh-rsa".utf8) + [0, 0, 0, 3, 1, 0, 1, 0, 0, 0, 3, 0, 0x80, 1])
    }

    @Test("a pair of one's own is kept, its private half sealed")
    func own() async throws {
        let test = try await TestPlane.make()
        let (id, answer) = try await add(
            test,
            ["href": "credential-template/generate-ssh-key", "public-key": "ssh-ed25519 A", "private-key": "hush"])
        #expect(answer.extras["private-key"] == "hush")
        let stored = try await test.store.get(id)
        #expect(!JSONValue.object(stored.body).text().contains("hush"))
        #expect(try await test.resources.get(id, in: test.scope())["private-key"] == "hush")
        let alone = await test.failure {
            _ = try await add(test, ["href": "credential-template/generate-ssh-key", "private-key": "hush"])
        }
        #expect(alone.code == .invalidInput && !alone.message.contains("hush"))
    }

    private static let otherKinds: [(JSONObject, String)] = [
        (["href": "credential-template/gpg-key", "public-key": "PGP"], "public-key"),
        (["href": "credential-template/swarm-token", "scope": "WORKER", "token": "SWMTKN-1"], "token"),
    ]

    @Test("a GPG key is echoed; a Swarm token is sealed; neither is checked", arguments: otherKinds)
    func others(template: JSONObject, attribute: String) async throws {
        let test = try await TestPlane.make()
        let (id, _) = try await add(test, template)
        let read = try await test.resources.get(id, in: test.scope())
        #expect(read[attribute] == template[attribute])
        #expect(try await test.resources.query("job", in: test.scope()).count == 0)
        let rels = read["operations"]?.arrayValue?.compactMap { $0["rel"]?.stringValue } ?? []
        #expect(!rels.contains("check"))
    }
}
