import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Checks of S3 stores and registries by the real server against a real store (Ceph) and a real registry.
@Suite("Checks of real services")
struct ServiceCheckLabTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var arguments: [String]
        var secret: String
        var status: String
        var online: JSONValue?
        /// Part of what people are told.
        var words: String
    }

    private func run(_ cases: [Case]) async throws {
        try await ServerProcess.with { server in
            for (index, item) in cases.enumerated() { try await check(item, name: "c\(index)", server) }
            #expect(!server.log.contains("wrong-secret-words"))
        }
    }

    private func check(_ item: Case, name: String, _ server: ServerProcess) async throws {
        let what: Comment = "\(item.testDescription)"
        let added = try await server.cli(
            ["infra", "add"] + item.arguments.prefix(1) + [name] + item.arguments.dropFirst(), input: item.secret)
        #expect((added.status == 0) == (item.status == "VALID"), "\(what): \(added.transcript)")
        let credentials = try await server.cli(["api", "get", "credential", "-p", "filter=name='\(name)'"])
        let credential = try JSONValue.parse(credentials.output)["resources"]?.arrayValue?.first?.objectValue ?? [:]
        let message = credential["status-message"]?.stringValue ?? ""
        #expect(credential["status"] == .string(item.status) && message.contains(item.words), "\(what): \(message)")
        #expect(credential["last-check"] != nil && !credentials.output.contains(item.secret))
        let parent = credential["parent"]?.stringValue ?? ""
        let service = try JSONValue.parse(try await server.cli(["api", "get", parent]).output)
        #expect(service["online"] == item.online, "\(what)")
        // On demand it says the same.
        let again = try await server.cli(["infra", "check", name])
        #expect((again.status == 0) == (item.status == "VALID"), "\(what): \(again.transcript)")
    }

    @Test("an S3 key pair: right, wrong, unknown, behind TLS, nobody there, no S3 store")
    func s3() async throws {
        let lab = try LabHosts.required()
        let store = try lab.store()
        let secret = store.secretKey.exposed
        let ca = lab.tlsFolder + "/ca.pem"
        let registry = try lab.registry().address
        let arguments = { (endpoint: String, key: String, more: [String]) in
            ["s3", "--endpoint", endpoint, "--access-key", key, "--secret-key-stdin"] + more
        }
        try await run([
            Case(
                testDescription: "right", arguments: arguments(store.endpoint, store.accessKey, []), secret: secret,
                status: "VALID", online: true, words: "takes the key"),
            Case(
                testDescription: "right, behind TLS",
                arguments: arguments(store.secureEndpoint, store.accessKey, ["--ca", ca]), secret: secret,
                status: "VALID", online: true, words: "takes the key"),
            Case(
                testDescription: "wrong secret", arguments: arguments(store.endpoint, store.accessKey, []),
                secret: "wrong-secret-words", status: "INVALID", online: true, words: "does not belong"),
            Case(
                testDescription: "unknown key", arguments: arguments(store.endpoint, "AKNOBODY", []), secret: secret,
                status: "INVALID", online: true, words: "does not know"),
            Case(
                testDescription: "authority not given", arguments: arguments(store.secureEndpoint, store.accessKey, []),
                secret: secret, status: "INVALID", online: true, words: "authority"),
            Case(
                testDescription: "TLS where there is none",
                arguments: arguments(
                    store.endpoint.replacing("http://", with: "https://"), store.accessKey, ["--ca", ca]),
                secret: secret, status: "INVALID", online: true, words: "TLS"),
            Case(
                testDescription: "nobody there",
                arguments: arguments(store.endpoint.replacing(":7480", with: ":7499"), store.accessKey, []),
                secret: secret, status: "UNKNOWN", online: false, words: "refused"),
            Case(
                testDescription: "a registry is no S3 store",
                arguments: arguments("https://" + registry, store.accessKey, ["--ca", ca]), secret: secret,
                status: "UNKNOWN", online: true, words: "no S3 store"),
        ])
    }

    @Test("a registry account: right, wrong, authority not given, nobody there, no registry")
    func registry() async throws {
        let lab = try LabHosts.required()
        let registry = try lab.registry()
        let store = try lab.store()
        let password = registry.password.exposed
        let ca = lab.tlsFolder + "/ca.pem"
        let arguments = { (endpoint: String, more: [String]) in
            ["registry", "--endpoint", endpoint, "--username", registry.user, "--password-stdin"] + more
        }
        let endpoint = "https://" + registry.address
        try await run([
            Case(
                testDescription: "right", arguments: arguments(endpoint, ["--ca", ca]), secret: password,
                status: "VALID", online: true, words: "lets \(registry.user) in"),
            Case(
                testDescription: "without a scheme", arguments: arguments(registry.address, ["--ca", ca]),
                secret: password, status: "VALID", online: true, words: "lets \(registry.user) in"),
            Case(
                testDescription: "wrong password", arguments: arguments(endpoint, ["--ca", ca]),
                secret: "wrong-secret-words", status: "INVALID", online: true, words: "refuses user"),
            Case(
                testDescription: "authority not given", arguments: arguments(endpoint, []), secret: password,
                status: "INVALID", online: true, words: "authority"),
            Case(
                testDescription: "nobody there", arguments: arguments("https://\(try lab.address("reg")):5999", []),
                secret: password, status: "UNKNOWN", online: false, words: "refused"),
            Case(
                testDescription: "an S3 store is no registry", arguments: arguments(store.endpoint, []),
                secret: password, status: "UNKNOWN", online: true, words: "no container registry"),
        ])
    }
}
