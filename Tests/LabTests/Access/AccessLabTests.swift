import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// The guide's §6 and §8 as people type them, against a real server; no hosts are needed.
@Suite("Sharing, accounts, keys and events by the command line")
struct AccessLabTests {
    private static let password = "Bb2_" + UUID().uuidString

    /// Somebody's command line, with contexts of its own.
    private struct Terminal {
        let server: ServerProcess
        let home: String
        var environment: [String: String] = [:]

        @discardableResult
        func type(
            _ arguments: String..., input: String? = nil, status: Int32 = 0,
            _ location: SourceLocation = #_sourceLocation
        ) async throws -> String {
            let result = try await Program.run(
                Program.roadstead, arguments,
                environment: ["XDG_CONFIG_HOME": home, "NO_COLOR": "1"].merging(environment) { $1 }, input: input)
            #expect(result.status == status, "\(arguments) \(result.transcript)", sourceLocation: location)
            return result.output + result.errors
        }

        func login(_ name: String, _ password: String, status: Int32 = 0) async throws {
            try await type("login", server.url, "--user", name, "--password-stdin", input: password, status: status)
        }
    }

    private func terminals(_ server: ServerProcess) throws -> (admin: Terminal, ada: Terminal) {
        let home = server.folder.file("ada")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        return (Terminal(server: server, home: server.folder.path), Terminal(server: server, home: home))
    }

    /// Makes ada's account, and a service that nobody answers at.
    private func prepare(_ admin: Terminal) async throws {
        try await admin.type("switch", "nuvla-admin")
        try await admin.type(
            "user", "add", "ada", "--email", "ada@example.org", "--password-stdin", input: Self.password)
        #expect(try await admin.type("user", "show", "ada").contains("ada@example.org"))
        #expect(try await admin.type("user", "ls").contains("ada"))
        try await admin.type("switch")
        try await admin.type(
            "infra", "add", "registry", "hub", "--endpoint", "https://127.0.0.1:1", "--username", "ci",
            "--password-stdin", "--no-check", input: "registry password")
    }

    @Test("what is shared with a group is seen by members who act for it, until it is taken back or they leave")
    func groups() async throws {
        try await ServerProcess.with { server in
            let (admin, ada) = try terminals(server)
            try await prepare(admin)
            try await ada.login("ada", Self.password)
            try await admin.type("group", "add", "ops", "--name", "Operations")
            try await admin.type("group", "add-member", "ops", "ada")
            try await admin.type("group", "add-subgroup", "ops", "ops-night")
            #expect(try await admin.type("group", "show", "ops").contains("ops-night"))
            #expect(try await admin.type("group", "ls").contains("Operations"))
            try await admin.type("share", "hub", "--with", "ops", "--right", "use")
            #expect(try await admin.type("share", "hub", "-o", "json").contains("group/ops"))
            #expect(try await ada.type("infra", "ls", "-q").isEmpty)
            #expect(try await ada.type("switch", "ops").contains("Acting as group/ops"))
            #expect(try await ada.type("infra", "ls").contains("hub"))
            #expect(try await ada.type("status").contains("group/ops"))
            try await ada.type("infra", "rm", "hub", status: 3)
            try await ada.type("unshare", "hub", "--with", "ops", status: 3)
            try await admin.type("unshare", "hub", "--with", "ops")
            try await admin.type("unshare", "hub", "--with", "ops", status: 3)
            #expect(try await ada.type("infra", "ls", "-q").isEmpty)
            try await admin.type("share", "hub", "--with", "ada@example.org", "--right", "view")
            try await ada.type("switch")
            #expect(try await ada.type("infra", "ls").contains("hub"))
            try await ada.type("switch", "ops")
            try await admin.type("group", "remove-member", "ops", "ada@example.org")
            try await ada.type("status", status: 3)
            try await admin.type("group", "rm", "ops", status: 3)
            try await admin.type("group", "rm", "ops-night", "ops")
        }
    }

    @Test("an account is kept out, let in again, given another password and removed; its owner changes it too")
    func accounts() async throws {
        try await ServerProcess.with { server in
            let (admin, ada) = try terminals(server)
            try await prepare(admin)
            try await ada.login("ada@example.org", Self.password)
            try await ada.type("user", "add", "eve", "--no-password", status: 3)
            let own = "Cc3_" + UUID().uuidString
            try await ada.type("user", "password", "--password-stdin", input: Self.password + "\n" + own)
            try await ada.login("ada", own)
            try await admin.type("user", "suspend", "ada", status: 3)
            try await admin.type("switch", "nuvla-admin")
            try await admin.type("user", "suspend", "ada")
            try await ada.type("status", status: 3)
            try await ada.login("ada", own, status: 3)
            try await admin.type("user", "resume", "ada")
            let given = "Dd4_" + UUID().uuidString
            try await admin.type("user", "password", "ada", "--password-stdin", input: given)
            try await ada.login("ada", given)
            try await admin.type("user", "rm", "ada")
            try await ada.type("status", status: 3)
            #expect(try await !admin.type("user", "ls").contains("ada"))
        }
    }

    @Test("a key does what it was made for and no more, until it is removed; contexts are listed, chosen and forgotten")
    func keys() async throws {
        try await ServerProcess.with { server in
            let (admin, ada) = try terminals(server)
            try await prepare(admin)
            let made = try await admin.type(
                "key", "create", "ci", "--ttl", "90d", "--allow", "retrieve,query", "--resource",
                "infrastructure-service", "-o", "json")
            let key = try JSONValue.parse(made)
            let id = try #require(key["id"]?.stringValue)
            #expect(try await admin.type("key", "ls").contains("ci"))
            var program = ada
            program.environment = [
                "ROADSTEAD_SERVER": server.url, "ROADSTEAD_API_KEY": id,
                "ROADSTEAD_API_SECRET": try #require(key["secret-key"]?.stringValue),
            ]
            #expect(try await program.type("api", "get", "infrastructure-service").contains("hub"))
            try await program.type("api", "get", "credential", status: 3)
            try await program.type(
                "api", "post", "data-set", "--data", #"{"name":"x"}"#, status: 3)
            try await admin.type("key", "rm", "ci")
            try await program.type("api", "get", "infrastructure-service", status: 3)

            try await ada.type(
                "login", server.url, "--user", "ada", "--password-stdin", "--context", "second", input: Self.password)
            try await ada.type("switch", "nuvla-admin", status: 3)
            #expect(try await ada.type("context", "ls").contains("second"))
            #expect(try await ada.type("context", "show", "second").contains(server.url))
            try await ada.type("context", "use", "nosuch", status: 3)
            try await ada.type("context", "use", "second")
            try await ada.type("logout")
            try await ada.type("status", status: 3)
            try await ada.type("context", "rm", "second")
            try await ada.type("status", status: 3)
        }
    }

    @Test("events are followed over a restart of the server, and none is shown twice")
    func events() async throws {
        try await ServerProcess.with { server in
            let (admin, _) = try terminals(server)
            let output = server.folder.file("events")
            let follower = Program.make(
                Program.roadstead, ["events", "--follow", "-q"],
                ["XDG_CONFIG_HOME": admin.home, "NO_COLOR": "1"], nil)
            try follower.redirect(
                input: nil, output: output, errors: server.folder.file("events-errors"), in: server.folder)
            try follower.run()
            defer {
                kill(follower.processIdentifier, SIGKILL)
                follower.waitUntilExit()
            }
            let shown = { () -> [String] in
                ((try? String(contentsOfFile: output, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
            }
            // The login that came before is the first that is shown.
            try await eventually("the past") { !shown().isEmpty }
            for round in 0..<2 {
                let event = try await admin.type(
                    "api", "post", "event", "--data",
                    #"{"category":"user","severity":"low","content":{"resource":{"href":"user/x"}}}"#)
                let id = try #require(try JSONValue.parse(event)["resource-id"]?.stringValue)
                try await eventually("event of round \(round)") { shown().contains(id) }
                guard round == 0 else { break }
                server.kill(SIGTERM)
                try await server.start()
            }
            #expect(Set(shown()).count == shown().count)
        }
    }

    private func eventually(_ what: String, _ holds: () -> Bool) async throws {
        for _ in 0..<600 {
            if holds() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("never: \(what)")
    }
}
