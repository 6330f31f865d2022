import AsyncHTTPClient
import NIOHTTP1
import RoadsteadBasics
import Testing

/// Bodies that come compressed, and answers that go so.
@Suite struct CompressionTests {
    private static let gzip = ["content-encoding": "gzip", "content-type": "application/json"]

    @Test("a compressed body is read as what it holds; damaged ones and bombs are told what they are")
    func requests() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let path = "/api/" + (try await server.addService(cookie: cookie))
            let put = { (bytes: [UInt8], headers: [String: String]) in
                try await server.send(.PUT, path, bytes: bytes, cookie: cookie, headers: headers)
            }
            let good = try await TestServer.gzip(Array(#"{"name":"zipped"}"#.utf8))
            #expect(try await put(good, Self.gzip).json["name"] == "zipped")
            #expect(try await put(Array(good.dropLast(6)), Self.gzip).status == 400)
            #expect(try await put(Array("{}".utf8), Self.gzip).status == 400)
            let bomb = try await TestServer.gzip(Array(repeating: UInt8(ascii: " "), count: 40 << 20))
            #expect(bomb.count < 100_000)
            let refused = try await put(bomb, Self.gzip)
            #expect(refused.status == 413, "\(refused.text)")
            let unknown = try await put(good, ["content-encoding": "br", "content-type": "application/json"])
            #expect(unknown.status == 415 && unknown.json["message"]?.stringValue?.contains("'br'") == true)
            #expect(try await put(Array("{}".utf8), ["content-encoding": "identity"]).status == 200)
            #expect(try await server.send(.GET, "/health").status == 200)
        }
    }

    @Test("who asks for it gets long answers compressed, under a tag of their own, and short ones plain")
    func responses() async throws {
        // One that neither asks for compression by itself nor undoes it.
        let client = HTTPClient()
        try await TestServer.run { shared in
            let server = TestServer(port: shared.port, directory: shared.directory, client: client)
            let cookie = try await server.login()
            let long = try await server.send(.GET, "/api/openapi.json", headers: ["accept-encoding": "gzip"])
            #expect(long.headers.first(name: "content-encoding") == "gzip")
            let plain = try await server.send(.GET, "/api/openapi.json")
            #expect(plain.headers.first(name: "content-encoding") == nil)
            #expect(plain.json["openapi"] == "3.1.0" && plain.text.utf8.count > 100_000)
            #expect(
                try await server.send(.GET, "/health", headers: ["accept-encoding": "gzip"]).text == #"{"status":"up"}"#
            )
            let path = "/api/" + (try await server.addService(cookie: cookie))
            let description = String(repeating: "long ", count: 400)
            _ = try await server.send(.PUT, path, #"{"description":"\#(description)"}"#, cookie: cookie)
            let zipped = try await server.send(.GET, path, cookie: cookie, headers: ["accept-encoding": "gzip"])
            let tag = try #require(zipped.headers.first(name: "etag"))
            #expect(tag.hasSuffix("-gzip\""))
            let known = try await server.send(
                .GET, path, cookie: cookie, headers: ["accept-encoding": "gzip", "if-none-match": tag])
            #expect(known.status == 304)
            let edit = try await server.send(.PUT, path, "{}", cookie: cookie, headers: ["if-match": tag])
            #expect(edit.status == 200)
            let head = try await server.send(.HEAD, "/api/openapi.json", headers: ["accept-encoding": "gzip"])
            #expect(head.status == 200 && head.headers.first(name: "content-encoding") == nil)
        }
        try await client.shutdown()
    }
}
