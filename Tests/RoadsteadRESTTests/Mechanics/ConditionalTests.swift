import NIOHTTP1
import RoadsteadBasics
import Testing

@testable import RoadsteadREST

/// `ETag`, `If-Match` and `If-None-Match`.
@Suite struct ConditionalTests {
    @Test("a document has a tag that changes with it, and what the caller knows already is not sent again")
    func notModified() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let path = "/api/" + (try await server.addService(cookie: cookie))
            let get = { (query: String, tag: String?) in
                try await server.send(
                    .GET, path + query, cookie: cookie, headers: tag.map { ["if-none-match": $0] } ?? [:])
            }
            let first = try await get("", nil)
            let tag = try #require(first.headers.first(name: "etag"))
            #expect(tag.hasPrefix("\"1.") && tag.hasSuffix("\""))
            let known = try await get("", "\"x\", W/" + tag)
            #expect(known.status == 304 && known.text.isEmpty)
            #expect(known.headers.first(name: "etag") == tag)
            #expect(try await get("?select=name", tag).status == 200)
            let edited = try await server.send(.PUT, path, #"{"name":"new"}"#, cookie: cookie)
            let newTag = try #require(edited.headers.first(name: "etag"))
            #expect(newTag.hasPrefix("\"2."))
            #expect(try await get("", tag).status == 200)
            #expect(try await get("", newTag).status == 304)
        }
    }

    @Test("a change under If-Match comes about on the right revision alone")
    func ifMatch() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let id = try await server.addService(cookie: cookie)
            let send = { (method: HTTPMethod, tag: String) in
                try await server.send(
                    method, "/api/" + id, #"{"name":"n"}"#, cookie: cookie, headers: ["if-match": tag])
            }
            let tag = try #require(
                try await server.send(.GET, "/api/" + id, cookie: cookie).headers.first(name: "etag"))
            for wrong in ["\"2\"", "\"x\"", "\"0.1\", \"7\"", ""] {
                let answer = try await send(.PUT, wrong)
                #expect(answer.status == 412, "\(wrong): \(answer.text)")
                #expect(answer.json["resource-id"] == .string(id))
            }
            #expect(try await send(.DELETE, "\"9\"").status == 412)
            #expect(try await send(.PUT, tag).status == 200)
            #expect(try await send(.PUT, tag).status == 412)
            #expect(try await send(.PUT, "\"2\"").status == 200)
            #expect(try await send(.PUT, "*").status == 200)
            #expect(try await send(.DELETE, "\"4-gzip\"").status == 200)
            #expect(try await send(.PUT, "*").status == 404)
        }
    }

    @Test("fifty writers that read, change and repeat lose no update")
    func counters() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let path = "/api/" + (try await server.addService(cookie: cookie))
            _ = try await server.send(.PUT, path, #"{"tags":[]}"#, cookie: cookie)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<50 { group.addTask { try await append("w\(writer)", at: path, server, cookie) } }
                try await group.waitForAll()
            }
            let tags = try await server.send(.GET, path, cookie: cookie).json["tags"]?.arrayValue ?? []
            #expect(Set(tags) == Set((0..<50).map { JSONValue.string("w\($0)") }))
        }
    }

    private func append(_ tag: String, at path: String, _ server: TestServer, _ cookie: String) async throws {
        for _ in 0..<200 {
            let read = try await server.send(.GET, path, cookie: cookie)
            let revision = try #require(read.headers.first(name: "etag"))
            let tags = (read.json["tags"]?.arrayValue ?? []) + [.string(tag)]
            let body = JSONValue.object(["tags": .array(tags)]).text()
            let written = try await server.send(.PUT, path, body, cookie: cookie, headers: ["if-match": revision])
            if written.status == 200 { return }
            try #require(written.status == 412, "\(written.text)")
        }
        Issue.record("\(tag) was never written")
    }

    @Test("fifty merges of different attributes beside each other all survive")
    func merges() async throws {
        try await TestServer.run { server in
            let admin = try await server.admin()
            _ = try await server.add(
                "data-record-key-prefix", #"{"prefix":"lab","uri":"https://example.org/lab"}"#, cookie: admin)
            let service = try await server.addService(cookie: admin)
            let path =
                "/api/"
                + (try await server.add(
                    "data-record", #"{"infrastructure-service":"\#(service)"}"#, cookie: admin))
            try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<50 {
                    group.addTask {
                        try await server.send(.PUT, path, #"{"lab:k\#(writer)":\#(writer)}"#, cookie: admin).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            let document = try await server.send(.GET, path, cookie: admin).json
            for writer in 0..<50 { #expect(document["lab:k\(writer)"] == JSONValue(writer)) }
        }
    }

    static let named: [(String, Bool)] = [
        ("*", true), ("\"7.cbf29ce484222325\"", true), ("\"1\" , \"7.cbf29ce484222325\"", true),
        ("W/\"7.cbf29ce484222325\"", true), ("\"7.cbf29ce484222325-gzip\"", true), ("\"7\"", false), ("", false),
        ("\"8.cbf29ce484222325\"", false), ("\"", false),
    ]

    @Test("a list of tags names the tag or it does not", arguments: named)
    func names(_ header: String, _ isNamed: Bool) {
        #expect(EntityTag(revision: 7, text: []).isNamed(in: header) == isNamed)
        #expect(EntityTag(revision: 7).description == "\"7\"")
        #expect(EntityTag.whenCompressed("\"7.a\"") == "\"7.a-gzip\"")
    }
}
