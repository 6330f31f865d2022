import DockerClient
import Logging
import ObjectStorage
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Checks against servers that play S3, a registry and a Helm repository; the lab has the real ones.
@Suite struct ServiceCheckTests {
    private typealias Script = FakeEngine.Script

    private static func answer(
        _ status: Int, _ body: String = "", _ headers: [(String, String)] = []
    ) -> FakeReply { .whole(status: status, headers: headers, body: Array(body.utf8)) }

    private func finding(
        _ subtype: String, _ fields: JSONObject, listener: FakeEngine.Listener = .tcp, scheme: String = "http",
        path: String = "", script: @escaping Script
    ) async throws -> CredentialFinding {
        try await FakeEngine.with(listener, script: script) { server in
            try await Self.finding(subtype, fields, endpoint: "\(scheme)://127.0.0.1:\(server.port)\(path)")
        }
    }

    private static func finding(_ subtype: String, _ fields: JSONObject, endpoint: String) async throws
        -> CredentialFinding
    {
        let test = try await TestPlane.make(localEndpoints: .everybody)
        let service = try await test.add(
            "infrastructure-service",
            [
                "template": [
                    "href": "infrastructure-service-template/generic", "subtype": "x", "endpoint": .string(endpoint),
                ]
            ])
        let template = fields.merging([
            "href": .string("credential-template/infrastructure-service-" + subtype),
            "parent": .string(service.description),
        ])
        let credential = try await test.store.get(try await test.add("credential", ["template": .object(template)]))
        let kind = try #require(CheckedCredential(credential.body))
        let probe = CredentialProbe(
            store: test.store, clock: SystemClock(), options: CredentialCheckJob.quick, logger: Logger(label: "test"))
        return try await probe.finding(credential, as: kind, on: try await test.store.get(service))
    }

    // MARK: - S3

    private static let keys: JSONObject = ["access-key": "AK", "secret-key": "hush"]

    static let s3Answers: [(Int, String, CredentialFinding.Status, Bool?)] = [
        (
            200, "<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket></Buckets></ListAllMyBucketsResult>",
            .valid, true
        ),
        (403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", .invalid, true),
        (403, "<Error><Code>InvalidAccessKeyId</Code></Error>", .invalid, true),
        (403, "<Error><Code>AccessDenied</Code></Error>", .valid, true),
        (403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", .unknown, true),
        (503, "<Error><Code>SlowDown</Code></Error>", .unknown, true),
        (200, "<html>hello</html>", .unknown, true),
        (404, "not here", .unknown, true),
    ]

    @Test("an S3 store's answer decides about the key pair", arguments: s3Answers)
    func s3(status: Int, body: String, expected: CredentialFinding.Status, isOnline: Bool?) async throws {
        let finding = try await finding("minio", Self.keys) { _ in Self.answer(status, body) }
        #expect(finding.status == expected && finding.isOnline == isOnline, "\(finding.message)")
        #expect(finding.isUsable == (expected == .valid) && !finding.message.contains("hush"))
    }

    @Test("a store of another region is asked again, signed for its own")
    func region() async throws {
        let finding = try await finding("minio", Self.keys) { request in
            if request.headers["authorization"]?.contains("/eu-x-1/s3/") == true {
                return Self.answer(200, "<ListAllMyBucketsResult/>")
            }
            return Self.answer(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-x-1</Region></Error>")
        }
        #expect(finding.status == .valid, "\(finding.message)")
    }

    @Test("nobody there, and no endpoint at all, say so")
    func nowhere() async throws {
        let port = try await FakeEngine.with(.tcp) { $0.port }
        let gone = try await Self.finding("minio", Self.keys, endpoint: "http://127.0.0.1:\(port)")
        #expect(gone.status == .unknown && gone.isOnline == false)
        let wrong = try await Self.finding("minio", Self.keys, endpoint: "https://s3.example.org/bucket")
        #expect(wrong.status == .invalid && wrong.isOnline == nil && wrong.message.contains("path"))
    }

    // MARK: - Registries

    private static let account: JSONObject = ["username": "ci", "password": "hush"]
    /// base64 of ci:hush
    private static let basic = "Basic Y2k6aHVzaA=="

    @Test("a registry with a password file lets the right account in and no other", arguments: [true, false])
    func basic(isRight: Bool) async throws {
        let finding = try await finding("registry", Self.account) { request in
            guard let given = request.headers["authorization"] else {
                return Self.answer(401, "{}", [("WWW-Authenticate", "Basic realm=\"lab\"")])
            }
            return Self.answer(given == Self.basic && isRight ? 200 : 401, "{}")
        }
        #expect(finding.status == (isRight ? .valid : .invalid), "\(finding.message)")
        #expect(finding.isOnline == true && !finding.message.contains("hush"))
    }

    @Test(
        "a registry with a token service is logged in to through it",
        arguments: [
            (200, #"{"token":"T0"}"#, CredentialFinding.Status.valid),
            (200, #"{"access_token":"T0"}"#, .valid),
            (200, #"{"token":"other"}"#, .invalid),
            (200, "no json", .unknown),
            (401, "{}", .invalid),
            (500, "", .unknown),
        ])
    func bearer(status: Int, body: String, expected: CredentialFinding.Status) async throws {
        let finding = try await finding("registry", Self.account) { request in
            if request.path == "/token" {
                let isAsked = request.query == ["service": "hub", "account": "ci"]
                return Self.answer(request.headers["authorization"] == Self.basic && isAsked ? status : 418, body)
            }
            if request.headers["authorization"] == "Bearer T0" { return Self.answer(200, "{}") }
            let realm = "http://\(request.headers["host"] ?? "")/token"
            return Self.answer(401, "{}", [("WWW-Authenticate", "Bearer realm=\"\(realm)\",service=\"hub\"")])
        }
        #expect(finding.status == expected && finding.isOnline == true, "\(finding.message)")
    }

    @Test(
        "what is no registry, or a sick one, says nothing about the account",
        arguments: [
            (404, "not here"), (200, "<html>"), (302, ""), (503, ""), (401, ""),
        ])
    func noRegistry(status: Int, body: String) async throws {
        let finding = try await finding("registry", Self.account) { _ in Self.answer(status, body) }
        #expect(finding.status == .unknown && finding.isOnline == true && !finding.isUsable)
    }

    @Test("a registry behind TLS is trusted by the credential's authority, and the password stays here otherwise")
    func tls() async throws {
        let certificates = try await TestCertificates()
        defer { certificates.remove() }
        let pair = try await certificates.issue("registry")
        try await certificates.makeAuthority("other")
        let configuration = try TestCertificates.server(pair, clientsOf: nil)
        let script: Script = { request in
            guard request.headers["authorization"] != nil else {
                // In clear to another place: that must not be followed.
                return Self.answer(401, "", [("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1:1/\"")])
            }
            return Self.answer(200, "{}")
        }
        let trusted = try await finding(
            "registry", Self.account.merging(["ca": .string(try certificates.authority())]),
            listener: .tls(configuration), scheme: "https", script: script)
        #expect(trusted.status == .invalid && trusted.message.contains("not sent"), "\(trusted.message)")
        for ca in [nil, try certificates.authority("other")] {
            var fields = Self.account
            fields["ca"] = ca.map(JSONValue.string)
            let refused = try await finding(
                "registry", fields, listener: .tls(configuration), scheme: "https", script: script)
            #expect(refused.status == .invalid && refused.isOnline == true && refused.message.contains("authority"))
        }
    }

    @Test(
        "a challenge is read, quotes and commas included",
        arguments: [
            ("Basic realm=\"x\"", RegistryChallenge.basic),
            ("Bearer realm=\"https://a/t?x=1,2\",service=\"s t\"", .bearer(realm: "https://a/t?x=1,2", service: "s t")),
            ("bearer Realm=https://a/t, scope=\"q\"", .bearer(realm: "https://a/t", service: nil)),
            ("Bearer", nil), ("Digest realm=x", nil), ("", nil),
        ])
    func challenge(header: String, expected: RegistryChallenge?) { #expect(RegistryChallenge(header) == expected) }

    // MARK: - Helm, Kubernetes

    @Test(
        "a Helm repository is read with the account",
        arguments: [
            (200, "apiVersion: v1\nentries: {}\n", CredentialFinding.Status.valid), (200, "<html>", .unknown),
            (401, "", .invalid), (404, "", .unknown),
        ])
    func helm(status: Int, body: String, expected: CredentialFinding.Status) async throws {
        let finding = try await finding("helm-repo", Self.account, path: "/charts/") { request in
            request.path == "/charts/index.yaml" && request.headers["authorization"] == Self.basic
                ? Self.answer(status, body) : Self.answer(418)
        }
        #expect(finding.status == expected, "\(finding.message)")
    }

    @Test("a Kubernetes credential is said to be unchecked, and no job is made for it by itself")
    func kubernetes() async throws {
        let finding = try await Self.finding(
            "kubernetes", ["ca": "C", "cert": "D", "key": "E"], endpoint: "https://k:6443")
        #expect(finding.status == .unknown && finding.isOnline == nil && !finding.isUsable)
        #expect(finding.message.contains("cannot be checked"))
        #expect(CheckedCredential.allCases.filter { !$0.isCheckedWhenAdded } == [.kubernetes])
    }
}
