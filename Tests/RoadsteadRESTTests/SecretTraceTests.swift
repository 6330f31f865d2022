import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import RoadsteadBasics
import RoadsteadControl
import RoadsteadServer
import RoadsteadTestKit
import Testing

/// No secret in what a run wrote: logs at their most talkative, events, jobs, and every file of the data directory.
@Suite struct SecretTraceTests {
    @Test("a run leaves none of the secrets that it used in its log, events, jobs or files")
    func trace() async throws {
        let log = Shared("")
        let secrets = Shared<[String: String]>([:])
        let told = Shared("")
        try await TemporaryDirectory.run { folder in
            let directory = folder.file("data")
            try await Self.run(directory, log) { server in
                try await Run(server: server, secrets: secrets, told: told).everything()
            }
            var written = Array(log.value.utf8) + Array(told.value.utf8)
            var files: [String] = []
            let backup = folder.file("backup")
            let report = try await ServerBackup(
                dataDirectory: directory, environment: [:], logger: Logger(label: "backup")
            ).create(backup)
            #expect(report.documents > 10)
            let saved = FileManager.default.contents(atPath: backup) ?? Data()
            #expect(saved.range(of: Data("a-name-to-be-found".utf8)) != nil, "what is in the backup can be read there")
            written += Array(saved)
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) where !name.hasSuffix(".key") {
                files.append(name)
                written += FileManager.default.contents(atPath: directory + "/" + name).map { Array($0) } ?? []
            }
            #expect(files.contains { $0.hasSuffix(".sqlite") } && log.value.contains("/api/credential"))
            #expect(told.value.contains("session.add") && told.value.contains("credential_check"))
            #expect(log.value.contains("warning login failed"), "who failed to log in is told")
            #expect(secrets.value.count >= 25)
            let text = Data(written)
            for (name, secret) in secrets.value {
                #expect(text.range(of: Data(secret.utf8)) == nil, "\(name) was written")
            }
            // The search finds what is there: a name that the run used.
            #expect(text.range(of: Data("a-name-to-be-found".utf8)) != nil)
        }
    }

    private static func run(
        _ directory: String, _ log: Shared<String>, _ body: @Sendable @escaping (TestServer) async throws -> Void
    ) async throws {
        let (ports, started) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "trace") { _ in KeepingLogHandler(log: log) }
        logger.logLevel = .trace
        let configuration = try TestServer.configuration(directory)
        let server = RoadsteadServer(configuration: configuration, hashing: .cheapForTests, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { started.finish() }
                try await server.run(handlesSignals: false) { started.yield($0.port) }
            }
            for await port in ports {
                try await body(TestServer(port: port, directory: directory, client: .shared))
                break
            }
            group.cancelAll()
            // How a cancelled server ends is not what this test is about.
            while let end = await group.nextResult() { _ = end }
        }
    }
}

/// What people and programs do with secrets, rightly and wrongly.
private struct Run {
    let server: TestServer
    let secrets: Shared<[String: String]>
    let told: Shared<String>

    private func secret(_ name: String, _ value: String) -> JSONValue {
        secrets.change { $0[name] = value }
        return .string(value)
    }

    private func send(
        _ method: String, _ path: String, _ body: JSONValue, cookie: String? = nil, headers: [String: String] = [:]
    ) async throws -> TestServer.Answer {
        let answer = try await server.send(.init(rawValue: method), path, body.text(), cookie: cookie, headers: headers)
        if let token = answer.headers.first(name: "set-cookie")?.split(separator: ";").first?.split(separator: "=")
            .last,
            token.contains(".")
        {
            // The part before the dot is the session's id.
            secrets.change { $0["cookie \($0.count)"] = String(token.split(separator: ".")[1]) }
        }
        // What failed must not quote what was sent.
        if answer.status >= 400 { told.change { $0 += answer.text } }
        return answer
    }

    private func cookie(_ answer: TestServer.Answer) throws -> String {
        try #require(answer.headers.first(name: "set-cookie")?.split(separator: ";").first.map(String.init))
    }

    func everything() async throws {
        let admin = try await administrator()
        try await account(admin)
        try await credentials(admin)
        try await settings(admin)
        try await deployment(try await server.login())
        try await failures(admin)
        for type in [
            "event", "job", "session", "user", "configuration", "infrastructure-service", "module-application",
        ] {
            let answer = try await server.send(.GET, "/api/\(type)", cookie: admin)
            #expect(answer.status == 200)
            told.change { $0 += answer.text }
        }
    }

    private func administrator() async throws -> String {
        secrets.change { $0["password of the administrator"] = TestServer.password }
        let login = { (password: JSONValue) in
            try await send(
                "POST", "/api/session",
                ["template": ["href": "session-template/password", "username": "admin", "password": password]])
        }
        let mistyped = try await login(secret("mistyped password", "Mistyped-pass-1"))
        #expect(mistyped.status == 403)
        let answer = try await login(.string(TestServer.password))
        let id = try #require(answer.json["resource-id"]?.stringValue)
        let switched = try await send(
            "POST", "/api/\(id)/switch-group", ["claim": "group/nuvla-admin"], cookie: try cookie(answer))
        return try cookie(switched)
    }

    private func account(_ admin: String) async throws {
        let made = try await send(
            "POST", "/api/user",
            [
                "template": [
                    "href": "user-template/username-password", "username": "a-name-to-be-found",
                    "password": secret("password of a user", "User-pass-77"),
                ]
            ], cookie: admin, headers: ["Idempotency-Key": "one"])
        #expect(made.status == 201)
        let user = try #require(made.json["resource-id"]?.stringValue)
        let document = try await server.send(.GET, "/api/\(user)", cookie: admin).json
        let credential = try #require(document["credential-password"]?.stringValue)
        #expect(
            try await send(
                "POST", "/api/\(credential)/change-password",
                ["current-password": "User-pass-77", "new-password": secret("changed password", "Changed-pass-77")],
                cookie: admin
            ).status == 200)
        #expect(
            try await send(
                "POST", "/api/\(user)/set-password", ["new-password": secret("reset password", "Reset-pass-77")],
                cookie: admin
            ).status == 200)
        try await key(admin)
    }

    private func key(_ admin: String) async throws {
        let made = try await send(
            "POST", "/api/credential", ["template": ["href": "credential-template/generate-api-key"]], cookie: admin,
            headers: ["Idempotency-Key": "two"])
        let id = try #require(made.json["resource-id"]?.stringValue)
        let value = try #require(made.json["secret-key"]?.stringValue)
        _ = secret("secret of a key", value)
        _ = secret("secret of a key without dots", value.replacing(".", with: ""))
        for (given, status) in [
            (secret("wrong secret of a key", "wrong.secret.of.a.key.xyz"), 403), (.string(value), 201),
        ] {
            let answer = try await send(
                "POST", "/api/session",
                ["template": ["href": "session-template/api-key", "key": .string(id), "secret": given]])
            #expect(answer.status == status)
        }
    }

    private func credentials(_ admin: String) async throws {
        let service = try await send(
            "POST", "/api/infrastructure-service",
            [
                "template": [
                    "href": "infrastructure-service-template/generic", "subtype": "swarm",
                    "endpoint": "https://127.0.0.1:1",
                ]
            ], cookie: admin)
        let parent = JSONValue.string(try #require(service.json["resource-id"]?.stringValue))
        let templates: [(String, JSONObject)] = [
            (
                "infrastructure-service-swarm",
                ["ca": "C", "cert": "C", "key": secret("private key", "private-key-4711")]
            ),
            (
                "infrastructure-service-kubernetes",
                ["ca": "C", "cert": "C", "key": secret("kubernetes key", "kubernetes-key-4711")]
            ),
            (
                "infrastructure-service-registry",
                ["username": "u", "password": secret("registry password", "registry-pass-4711")]
            ),
            (
                "infrastructure-service-helm-repo",
                ["username": "u", "password": secret("helm password", "helm-pass-4711")]
            ),
            (
                "infrastructure-service-minio",
                ["access-key": "A", "secret-key": secret("S3 secret", "s3-secret-4711")]
            ),
            ("swarm-token", ["scope": "WORKER", "token": secret("swarm token", "SWMTKN-1-4711")]),
            ("gpg-key", ["public-key": "P", "private-key": secret("gpg key", "gpg-private-4711")]),
        ]
        for (name, values) in templates {
            var template = values
            template["href"] = .string("credential-template/" + name)
            if !["swarm-token", "gpg-key"].contains(name) { template["parent"] = parent }
            let made = try await send("POST", "/api/credential", ["template": .object(template)], cookie: admin)
            #expect(made.status == 201, "\(name): \(made.text)")
            let id = try #require(made.json["resource-id"]?.stringValue)
            let edited = try await send("PUT", "/api/\(id)", ["description": "edited"], cookie: admin)
            #expect(edited.status == 200)
            _ = try await send("POST", "/api/\(id)/check", [:], cookie: admin)
        }
    }

    private func settings(_ admin: String) async throws {
        let edited = try await send(
            "PUT", "/api/configuration/nuvla",
            [
                "smtp-password": secret("mail password", "smtp-pass-4711"),
                "stripe-api-key": secret("stripe key", "stripe-key-4711"),
            ], cookie: admin)
        #expect(edited.status == 200)
        told.change { $0 += edited.text }
        let vpn = try await send(
            "POST", "/api/infrastructure-service",
            [
                "template": [
                    "href": "infrastructure-service-template/vpn", "vpn-scope": "customer",
                    "vpn-ca-certificate": "PEM", "vpn-shared-key": secret("VPN key", "vpn-shared-4711"),
                    "vpn-endpoints": [["protocol": "udp", "port": 1194, "endpoint": "vpn.example.org"]],
                ]
            ], cookie: admin)
        #expect(vpn.status == 201, "\(vpn.text)")
        let pair = try await send(
            "POST", "/api/credential", ["template": ["href": "credential-template/generate-ssh-key"]], cookie: admin,
            headers: ["Idempotency-Key": "three"])
        let key = try #require(pair.json["private-key"]?.stringValue)
        // A line of its middle: JSON writes the line ends otherwise.
        _ = secret("SSH key", try #require(key.split(separator: "\n").dropFirst(3).first.map(String.init)))
    }

    /// Its start fails, as nobody answers; its key is made before that.
    private func deployment(_ admin: String) async throws {
        let service = try await server.add(
            "infrastructure-service",
            """
            {"template":{"href":"infrastructure-service-template/generic","subtype":"swarm",\
            "endpoint":"tcp://127.0.0.1:1"}}
            """, cookie: admin)
        let parent = try await server.add(
            "credential",
            #"{"template":{"href":"credential-template/infrastructure-service-swarm","parent":"\#(service)"}}"#,
            cookie: admin)
        _ = try await server.add("module", #"{"subtype":"project","path":"traced"}"#, cookie: admin)
        let module = try await server.add(
            "module",
            #"{"subtype":"application","path":"traced/web","content":{"author":"a","docker-compose":"services: {w: {image: x, environment: [S=$NUVLA_API_SECRET], secrets: [a, b]}}\nsecrets: {a: {file: a}, b: {file: b}}","files":[{"file-name":"a","file-content":"file-of-a-secret-4711"}],"secret-files":[{"file-name":"b","file-content":"other-file-of-a-secret-4711"}]}}"#,
            cookie: admin)
        _ = secret("file of a secret", "file-of-a-secret-4711")
        _ = secret("other file of a secret", "other-file-of-a-secret-4711")
        let copied = try await send(
            "PUT", "/api/\(module)",
            ["content": (try await server.send(.GET, "/api/\(module)", cookie: admin)).json["content"] ?? [:]],
            cookie: admin)
        #expect(copied.json["content"]?["secret-files"]?.arrayValue?.count == 2, "\(copied.text)")
        told.change { $0 += copied.text }
        let id = try await server.add(
            "deployment", #"{"module":{"href":"\#(module)"},"parent":"\#(parent)","name":"traced"}"#, cookie: admin)
        let started = try await send("POST", "/api/\(id)/start", [:], cookie: admin)
        #expect(started.status == 202, "\(started.text)")
        let read = try await server.send(.GET, "/api/\(id)", cookie: admin)
        let value = try #require(read.json["api-credentials"]?["api-secret"]?.stringValue, "\(read.text)")
        _ = secret("secret of a deployment", value)
        let listed = try await server.send(.GET, "/api/deployment", cookie: admin)
        #expect(listed.text.contains("secret-files") && !listed.text.contains("sealed"))
        told.change { $0 += listed.text }
    }

    /// What is refused is not quoted: neither by the answer nor by the log.
    private func failures(_ admin: String) async throws {
        let tries: [(String, String, JSONValue)] = [
            (
                "POST", "/api/credential",
                [
                    "template": [
                        "href": "credential-template/infrastructure-service-registry", "username": "u",
                        "password": [secret("misplaced password", "misplaced-pass-1")],
                    ]
                ]
            ),
            (
                "POST", "/api/user",
                [
                    "template": [
                        "href": "user-template/minimum", "username": "weak",
                        "password": secret("weak password", "weakling4711"),
                    ]
                ]
            ),
            (
                "POST", "/api/session",
                ["template": ["href": "session-template/password", "password": secret("lone password", "Lone-pass-1")]]
            ),
        ]
        for (method, path, body) in tries {
            #expect(try await send(method, path, body, cookie: admin).status == 400, "\(path)")
        }
        _ = secret("password in a broken body", "Broken-pass-1")
        let broken = try await server.send(.POST, "/api/session", #"{"template": {"password": "Broken-pass-1"#)
        #expect(broken.status == 400)
        told.change { $0 += broken.text }
        _ = secret("forged cookie", "forged-cookie-secret")
        _ = try await server.send(
            .GET, "/api/session", cookie: "com.com.sixsq.nuvla.cookie=1b.forged-cookie-secret")
    }
}

private struct KeepingLogHandler: LogHandler {
    let log: Shared<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(log: Shared<String>) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        log.change { $0 += "\(event.level) \(event.message) \(all)\n" }
    }
}
