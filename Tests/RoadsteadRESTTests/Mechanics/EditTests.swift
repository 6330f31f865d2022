import NIOHTTP1
import RoadsteadBasics
import Testing

/// Edits over the wire: merges, `select`, patches, and what they leave alone.
@Suite struct EditTests {
    private static let patchType = ["content-type": "application/json-patch+json"]

    @Test("a merge sets, select removes, immutable and foreign keys are ignored, null is refused")
    func merge() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let path = "/api/" + (try await server.addService(cookie: cookie))
            let put = { (query: String, body: String) in
                try await server.send(.PUT, path + query, body, cookie: cookie)
            }
            #expect(try await put("", #"{"description":"d","tags":["a"]}"#).json["tags"] == ["a"])
            let removed = try await put("?select=description,tags", #"{"tags":["b"]}"#).json
            #expect(removed["description"] == nil && removed["tags"] == ["b"])
            let kept = try await put(
                "?select=id&select=acl&select=subtype", #"{"id":"user/x","created":"no","subtype":"s3"}"#)
            #expect(kept.status == 200 && kept.json["subtype"] == "swarm" && kept.json["acl"] != nil)
            #expect("/api/" + (kept.json["id"]?.stringValue ?? "") == path)
            #expect(kept.json["operations"]?.arrayValue?.isEmpty == false)
            let null = try await put("", #"{"description":null}"#)
            #expect(null.status == 400 && null.json["message"]?.stringValue?.contains("description") == true)
            let unknown = try await put("", #"{"descriptoin":"x"}"#)
            #expect(unknown.json["message"]?.stringValue?.contains("did you mean description") == true)
            let whole = try await server.send(.GET, path, cookie: cookie)
            #expect(try await put("", whole.text).status == 200)
        }
    }

    @Test("a patch edits in place, and what it removes at the top is gone")
    func patch() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let path = "/api/" + (try await server.addService(cookie: cookie))
            let patch = { (body: String) in
                try await server.send(.PUT, path, body, cookie: cookie, headers: Self.patchType)
            }
            let first = try await patch(
                #"""
                [{"op":"add","path":"/tags","value":["a","c"]},{"op":"add","path":"/tags/1","value":"b"},
                 {"op":"add","path":"/description","value":"d"},{"op":"test","path":"/name","value":"lab"}]
                """#)
            #expect(first.status == 200, "\(first.text)")
            #expect(first.json["tags"] == ["a", "b", "c"] && first.json["description"] == "d")
            let second = try await patch(
                #"[{"op":"remove","path":"/description"},{"op":"move","from":"/tags/0","path":"/tags/-"}]"#)
            #expect(second.json["description"] == nil && second.json["tags"] == ["b", "c", "a"])
            #expect(try await server.send(.GET, path, cookie: cookie).json["description"] == nil)
            let refused = try await patch(#"[{"op":"test","path":"/name","value":"x"},{"op":"remove","path":"/tags"}]"#)
            #expect(refused.status == 400)
            #expect(
                refused.json["message"]?.stringValue?.hasPrefix("operation 0 of the JSON Patch does not apply") == true)
            let ignored = try await patch(#"[{"op":"replace","path":"/subtype","value":"s3"}]"#)
            #expect(ignored.status == 200 && ignored.json["subtype"] == "swarm")
            #expect(try await patch(#"[{"op":"add","path":"/nosuch","value":1}]"#).status == 400)
            #expect(try await patch(#"{"name":"x"}"#).status == 400)
        }
    }

    @Test("a patch brings nothing hidden into sight")
    func patchHidden() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let service = try await server.addService(cookie: cookie)
            let id = try await server.add(
                "credential",
                """
                {"template":{"href":"credential-template/infrastructure-service-registry","username":"u",\
                "password":"open sesame","parent":"\(service)"}}
                """, cookie: cookie)
            for name in ["password", "digest", "hash"] {
                let answer = try await server.send(
                    .PUT, "/api/" + id, #"[{"op":"copy","from":"/\#(name)","path":"/description"}]"#, cookie: cookie,
                    headers: Self.patchType)
                #expect(answer.status == 400, "\(answer.text)")
            }
        }
    }

    @Test("administrators name and describe the entry point, and it stays so")
    func entryPoint() async throws {
        try await TestServer.run { server in
            let admin = try await server.admin()
            let path = "/api/cloud-entry-point"
            let before = try await server.send(.GET, path, cookie: admin).json
            #expect(before["operations"]?.arrayValue?.first?["rel"] == "edit")
            let edited = try await server.send(
                .PUT, path, #"{"name":"mine","tags":["x"],"base-uri":"http://evil/"}"#, cookie: admin)
            #expect(edited.status == 200 && edited.json["name"] == "mine")
            let seen = try await server.send(.GET, path).json
            #expect(seen["name"] == "mine" && seen["tags"] == ["x"] && seen["base-uri"] == before["base-uri"])
            #expect(seen["operations"] == nil)
            _ = try await server.send(.PUT, path + "?select=tags", "{}", cookie: admin)
            #expect(try await server.send(.GET, path).json["tags"] == nil)
            #expect(try await server.send(.PUT, path, #"{"name":" "}"#, cookie: admin).status == 400)
            #expect(try await server.send(.PUT, path, #"{"name":"his"}"#).status == 403)
        }
    }
}
