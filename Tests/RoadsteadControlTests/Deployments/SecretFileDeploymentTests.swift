import Foundation
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// Sealed secret files on their way to a Swarm; against the fake engine.
@Suite struct SecretFileDeploymentTests {
    private static let text = """
        services: {web: {image: 'busybox:1', secrets: [token]}}
        secrets: {token: {file: ./token}}
        """

    private static func files(_ content: String) -> JSONValue {
        [["file-name": "token", "file-content": .string(content)]]
    }

    /// What the Swarm was given, in order.
    private func sent(_ live: LivePlane) -> [String] {
        live.engine.requests.filter { $0.method == "POST" && $0.path.hasSuffix("/secrets/create") }.compactMap {
            request in
            (try? JSONValue.parse(request.body))?["Data"]?.stringValue.flatMap { Data(base64Encoded: $0) }
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test("start, update and rollback give the Swarm what the files hold, and the copy follows, sealed")
    func life() async throws {
        try await LivePlane.run { live in
            let test = live.test
            let id = try await live.deployment(Self.text, stack: "shop")
            let missing = await test.failure { _ = try await live.work("plan", on: id) }
            #expect(missing.code == .invalidInput && missing.message.contains("token"))
            let module = try #require(try await live.document(id)["module"]?["id"]?.stringValue)
            let put = { (content: String) in
                let body: JSONValue = [
                    "author": "ada", "docker-compose": .string(Self.text), "secret-files": Self.files(content),
                ]
                let edited = try await test.resources.edit(
                    #require(ResourceID(module)), ["content": body], in: test.scope())
                let version = (edited["versions"]?.arrayValue?.count ?? 0) - 1
                let answer: JSONObject = ["module": ["href": .string("\(module)_\(version)")]]
                return answer
            }
            let started = try await live.work("start", on: id, try await put("one"))
            #expect(started["state"] == "SUCCESS", "\(started)")
            let first = try await live.document(id)["module"]?["content"]?["secret-files"]
            let updated = try await live.work("update", on: id, try await put("two"))
            #expect(updated["state"] == "SUCCESS", "\(updated)")
            #expect(try await live.document(id)["module"]?["content"]?["secret-files"] != first)
            let back = try await live.work("rollback", on: id)
            #expect(back["state"] == "SUCCESS", "\(back)")
            #expect(sent(live).first == "one" && sent(live).contains("two"))
            #expect(try await live.document(id)["module"]?["content"]?["secret-files"] == first)
            let again = try await live.work("update", on: id)
            #expect(again["state"] == "SUCCESS", "\(again)")
            let written = JSONValue.object(try await test.store.get(id).body).text()
            #expect(!written.contains("\"one\"") && written.contains("sealed:1:"))
        }
    }

    @Test("a plan of a text that is kept nowhere takes its secret files along, and stores none")
    func plan() async throws {
        try await LivePlane.run { live in
            let module: JSONValue = [
                "content": ["author": "ada", "docker-compose": .string(Self.text), "secret-files": Self.files("hush")]
            ]
            let answer = try await live.test.resources.perform(
                "plan", on: live.service, ["module": module, "stack-name": "shop"], in: live.test.scope())
            guard case .value(let planned) = answer.content else { throw Missing("a plan") }
            #expect(planned["stack"] == "shop" && !planned.text().contains("hush"), "\(planned)")
            #expect(live.engine.requests.allSatisfy { $0.method == "GET" })
        }
    }
}
