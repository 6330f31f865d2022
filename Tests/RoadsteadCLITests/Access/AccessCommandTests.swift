import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel
import Testing

@testable import RoadsteadCLI

@Suite struct AccessCommandTests {
    @Test("a key's scope comes from repeated options and from commas; none is no scope")
    func keyTemplate() throws {
        let key = try KeyCreate.parse([
            "ci", "--ttl", "30d", "--allow", "retrieve,query", "--allow", "deployment/start", "--resource",
            "deployment",
        ])
        #expect(key.template["ttl"] == 2_592_000)
        #expect(
            key.template["scope"] == [
                "actions": ["retrieve", "query", "deployment/start"], "resources": ["deployment"],
            ])
        let plain = try KeyCreate.parse(["ci"])
        #expect(plain.template == ["href": "credential-template/generate-api-key"])
    }

    @Test("no command takes a password or a secret as an argument's value")
    func noSecretArguments() {
        for command in [
            UserAdd.self, UserPassword.self, KeyCreate.self, Login.self, Switch.self,
        ] as [any ParsableCommand.Type] {
            let help = command.helpMessage(columns: 200)
            for line in help.split(separator: "\n") where line.contains("--") && line.contains("<") {
                let option = line.split(separator: "<")[0]
                #expect(!option.contains("--password") && !option.contains("--secret"), "\(line)")
            }
        }
    }

    @Test("keys are listed with whom they act as, what they may do and when they end")
    func keys() throws {
        let now = try #require(Instant(rfc3339: "2026-11-22T12:00:00.000Z"))
        let listing = KeyList.listing(
            [
                document(
                    """
                    {"id": "credential/1", "name": "ci", "expiry": "2026-11-22T13:00:00.000Z",
                     "claims": {"identity": "group/ops"}, "scope": {"actions": ["retrieve", "query"]}}
                    """),
                document(#"{"id":"credential/2","name":"old","expiry":"2026-11-22T11:00:00.000Z","claims":{}}"#),
                document(#"{"id":"credential/3","name":"ever","claims":{"identity":"user/1"}}"#),
            ], now: now)
        let lines = try listing.lines(try OutputOptions.parse([]))
        #expect(lines[1].contains("group/ops") && lines[1].contains("retrieve,query") && lines[1].contains("in 60m"))
        #expect(lines[2].contains("expired"))
        #expect(lines[3].contains("never") && lines[3].contains("all"))
    }

    @Test("groups and users are told in tables and sheets")
    func texts() throws {
        let group = document(#"{"id":"group/ops","name":"Ops","users":["user/1","user/2"],"parents":["group/root"]}"#)
        let lines = try GroupList.listing([group], member: ["group/ops"]).lines(try OutputOptions.parse([]))
        #expect(lines[1].split(separator: " ").map(String.init) == ["ops", "Ops", "yes", "2", "group/root"])
        let sheet = GroupShow.lines(group, [document(#"{"id":"group/low"}"#)], names: ["user/1": "ada"])
        #expect(sheet.contains { $0.contains("ada (user/1)") } && sheet.contains { $0.contains("user/2") })
        #expect(sheet.contains { $0.contains("group/low") })
        let user = UserShow.lines(document(#"{"id":"user/1","name":"ada","logins":["ada","a@x.org"]}"#))
        #expect(user.contains { $0.contains("ada, a@x.org") })
    }

    private func withTarget(
        _ answers: [String: String], _ body: (ShareTarget) async throws -> Void
    ) async throws {
        var scripted = answers.mapValues { [ScriptedServer.Answer.json($0)] }
        scripted["GET /api/group/nobody?select=id"] = [.json(#"{"status":404,"message":"none"}"#, status: 404)]
        scripted["GET /api/group/secret?select=id"] = [.json(#"{"status":403,"message":"no"}"#, status: 403)]
        try await ScriptedServer.with(scripted) { server in
            let address = ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port)
            let client = try APIClient(server: address, session: Redacted("tok"), clock: SkippingClock())
            do {
                try await body(ShareTarget(client: client))
                await client.shutdown()
            } catch {
                await client.shutdown()
                throw error
            }
        }
    }

    private static let none = #"{"resources":[]}"#
    private static let quiet = [
        "PUT /api/group": none, "PUT /api/user-identifier": none, "PUT /api/user": none,
        "PUT /api/session": #"{"resources":[{"id":"session/1"}]}"#,
        "POST /api/session/1/get-peers": #"{"user/7":"bob@example.org","user/8":"bob@example.org","user/9":"zoe"}"#,
    ]

    @Test("whom something is shared with: an id, a group, a login, or one who shares a group with the caller")
    func principals() async throws {
        try await withTarget(Self.quiet.merging(["GET /api/group/ops?select=id": #"{"id":"group/ops"}"#]) { $1 }) {
            target in
            let device = try await target.principal("nuvlabox/7")
            #expect(device == "nuvlabox/7")
            #expect(try await target.principal("ops") == "group/ops")
            #expect(try await target.principal("secret") == "group/secret")
        }
        var known = Self.quiet
        known["GET /api/group/zoe?select=id"] = #"{"id":"group/zoe"}"#
        try await withTarget(known) { target in
            let error = await #expect(throws: RoadsteadError.self) { _ = try await target.principal("zoe") }
            #expect(error?.code == .conflict && error?.message.contains("user/9") == true)
            let unknown = await #expect(throws: RoadsteadError.self) { _ = try await target.principal("nobody") }
            #expect(unknown?.code == .notFound)
        }
    }

    @Test("a name that several peers have is refused with their ids")
    func ambiguousPeer() async throws {
        try await withTarget(Self.quiet) { target in
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await UserLookup(client: target.client).get("bob@example.org")
            }
            #expect(error?.code == .conflict && error?.message.contains("user/7, user/8") == true)
            let zoe = try await UserLookup(client: target.client).get("zoe")
            #expect(zoe.description == "user/9")
        }
    }

    private func withClient(
        _ answers: [String: [ScriptedServer.Answer]], _ body: (APIClient, ScriptedServer) async throws -> Void
    ) async throws {
        try await ScriptedServer.with(answers) { server in
            let address = ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port)
            let client = try APIClient(server: address, session: Redacted("tok"), clock: SkippingClock())
            do {
                try await body(client, server)
                await client.shutdown()
            } catch {
                await client.shutdown()
                throw error
            }
        }
    }

    @Test("a share edits the list alone, and says so when the server left it out in silence")
    func share() async throws {
        let before = #"{"id":"module/1","acl":{"owners":["user/1"]}}"#
        let after = #"{"id":"module/1","acl":{"owners":["user/1"],"view-data":["user/9"],"manage":["user/9"]}}"#
        let module = try #require(ResourceID("module/1"))
        let answers: [String: [ScriptedServer.Answer]] = [
            "GET /api/module/1": [.json(before)], "PUT /api/module/1": [.json(after), .json(before)],
        ]
        try await withClient(answers) { client, server in
            try await Share.set(.use, for: "user/9", on: module, client)
            #expect(
                server.requests[1].body == #"{"acl":{"owners":["user/1"],"view-data":["user/9"],"manage":["user/9"]}}"#)
            let error = await #expect(throws: RoadsteadError.self) {
                try await Share.set(.use, for: "user/9", on: module, client)
            }
            #expect(error?.code == .forbidden)
        }
    }

    @Test("a change that somebody else was quicker than is made again on what is there now, and nobody's is lost")
    func quicker() async throws {
        let changed = ScriptedServer.Answer.json(#"{"status":412,"message":"another revision"}"#, status: 412)
        let group = try #require(ResourceID("group/ops"))
        let answers: [String: [ScriptedServer.Answer]] = [
            "GET /api/group/ops": [
                .json(#"{"id":"group/ops","users":["user/1"]}"#, headers: [("etag", "\"3.a\"")]),
                .json(#"{"id":"group/ops","users":["user/1","user/2"]}"#, headers: [("etag", "\"4.b\"")]),
            ],
            "PUT /api/group/ops": [changed, .json(#"{"id":"group/ops"}"#), changed],
        ]
        try await withClient(answers) { client, server in
            try await GroupMembers.change(group, client) { $0 + ["user/3"] }
            let puts = server.requests.filter { $0.line.hasPrefix("PUT") }
            #expect(puts.map(\.ifMatch) == ["\"3.a\"", "\"4.b\""])
            #expect(puts.last?.body == #"{"users":["user/1","user/2","user/3"]}"#)
            let error = await #expect(throws: RoadsteadError.self) {
                try await GroupMembers.change(group, client) { $0 }
            }
            #expect(error?.code == .conflict && server.requests.count == 24)
        }
    }
}
