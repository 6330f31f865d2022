import RoadsteadBasics
import RoadsteadClient
import Testing

@Suite struct APIClientTests {
    private func withClient<Value>(
        _ answers: [String: [ScriptedServer.Answer]], options: ClientOptions = ClientOptions(),
        _ body: (APIClient, ScriptedServer) async throws -> Value
    ) async throws -> Value {
        try await ScriptedServer.with(answers) { server in
            let address = ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port)
            let client = try APIClient(server: address, options: options, clock: SkippingClock())
            do {
                let value = try await body(client, server)
                await client.shutdown()
                return value
            } catch {
                await client.shutdown()
                throw error
            }
        }
    }

    @Test("login keeps the cookie, later calls send it, logout deletes the session")
    func session() async throws {
        let session = #"{"id":"session/1","identifier":"ada","user":"user/1"}"#
        try await withClient([
            "POST /api/session": [
                .json(
                    #"{"status":201,"resource-id":"session/1"}"#, status: 201,
                    headers: [("set-cookie", "com.com.sixsq.nuvla.cookie=tok; Path=/; HttpOnly")])
            ],
            "GET /api/session/1": [.json(session)], "PUT /api/session": [.json(#"{"resources":[\#(session)]}"#)],
            "DELETE /api/session/1": [.json(#"{"status":200}"#)],
        ]) { client, server in
            let document = try await client.login(.password(user: "ada", password: Redacted("secret")))
            #expect(document["identifier"] == "ada")
            #expect(client.session?.exposed == "tok")
            try await client.logout()
            #expect(client.session == nil)
            let requests = server.requests
            #expect(
                requests.map(\.line) == [
                    "POST /api/session", "GET /api/session/1", "PUT /api/session", "DELETE /api/session/1",
                ])
            #expect(requests[0].cookie == nil)
            #expect(requests[0].body.contains(#""href":"session-template/password""#))
            #expect(requests.dropFirst().allSatisfy { $0.cookie == "com.com.sixsq.nuvla.cookie=tok" })
        }
    }

    @Test("a wrong password is unauthenticated, and the password is not in the error")
    func wrongPassword() async throws {
        try await withClient([
            "POST /api/session": [.json(#"{"status":403,"message":"invalid credentials for 'ada'"}"#, status: 403)]
        ]) { client, _ in
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await client.login(.password(user: "ada", password: Redacted("tr0ub4dor")))
            }
            #expect(error?.code == .unauthenticated)
            #expect(error?.message.contains("ada") == true)
            #expect(error.map { String(describing: $0).contains("tr0ub4dor") } == false)
        }
    }

    @Test("a query is a PUT of a form; an edit names what it removes")
    func documents() async throws {
        try await withClient([
            "PUT /api/module": [.json(#"{"count":3,"resources":[{"id":"module/1"}]}"#)],
            "PUT /api/module/1?select=description": [.json(#"{"id":"module/1","name":"n"}"#)],
        ]) { client, server in
            let page = try await client.query("module", ClientQuery(filter: "name='n'", last: 1))
            #expect(page.count == 3)
            #expect(page.documents.map { $0["id"] } == ["module/1"])
            let id = try #require(ResourceID("module/1"))
            _ = try await client.edit(id, ["name": "n"], removing: ["description"])
            #expect(server.requests[0].contentType == "application/x-www-form-urlencoded")
            #expect(server.requests[0].body == "filter=name%3D%27n%27&last=1")
            #expect(server.requests[1].contentType == "application/json")
            #expect(server.requests[1].body == #"{"name":"n"}"#)
        }
    }

    @Test("an asynchronous action names its job")
    func operation() async throws {
        try await withClient([
            "POST /api/deployment/1/start": [
                .json(#"{"status":202,"resource-id":"deployment/1","location":"job/9"}"#, status: 202)
            ]
        ]) { client, server in
            let id = try #require(ResourceID("deployment/1"))
            #expect(try await client.operation("start", on: id).job == ResourceID("job/9"))
            #expect(server.requests[0].body == "")
        }
    }

    @Test("nobody there is unavailable, and says where")
    func refused() async throws {
        let port = try await ScriptedServer.with([:]) { $0.port }
        let client = try APIClient(server: ServerAddress(isSecure: false, host: "127.0.0.1", port: port))
        let error = await #expect(throws: RoadsteadError.self) { _ = try await client.query("job") }
        await client.shutdown()
        #expect(error?.code == .unavailable)
        #expect(
            error?.message
                == "cannot reach http://127.0.0.1:\(port): connection refused. Does `roadstead serve` run there?")
    }

    @Test("TLS to a plain port is told apart from an untrusted certificate")
    func plainPort() async throws {
        let error = try await ScriptedServer.with([:]) { server in
            let client = try APIClient(server: ServerAddress(isSecure: true, host: "127.0.0.1", port: server.port))
            let error = await #expect(throws: RoadsteadError.self) { _ = try await client.query("job") }
            await client.shutdown()
            return error
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("plain HTTP") == true)
    }

    @Test("a server that says nothing is given up after the deadline")
    func silence() async throws {
        let silent = ScriptedServer.Answer(isSilent: true)
        let options = ClientOptions(requestTimeout: .milliseconds(200))
        try await withClient(["PUT /api/job": [silent]], options: options) { client, _ in
            let error = await #expect(throws: RoadsteadError.self) { _ = try await client.query("job") }
            #expect(error?.code == .timeout)
        }
    }

    @Test("an answer above the cap is refused")
    func tooLong() async throws {
        let long = ScriptedServer.Answer.json(#"{"x":"\#(String(repeating: "y", count: 5000))"}"#)
        try await withClient(["PUT /api/job": [long]], options: ClientOptions(maximumAnswerSize: 1000)) { client, _ in
            let error = await #expect(throws: RoadsteadError.self) { _ = try await client.query("job") }
            #expect(error?.code == .limitExceeded)
        }
    }
}
