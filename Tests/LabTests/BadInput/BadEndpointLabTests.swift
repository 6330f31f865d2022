import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// What people get wrong when they register a Swarm: each ends in a message that names the endpoint and what to do, a
/// status other than 0, and a registration that is kept, marked as not usable, to be corrected.
@Suite("Bad endpoints and certificates", .serialized)
struct BadEndpointLabTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var what: String
        var endpoint: String
        var files: [String]
        /// Words of the message, whatever stands between them.
        var words: [String]
        /// The only one that fits, or those that fit.
        var credentialStatus: [String]

        var testDescription: String { what }
    }

    /// Certificates are made by the lab at test time.
    private static func cases(_ lab: LabHosts) async throws -> [Case] {
        try await lab.command("tls", "issue", "late", "--client", "--expired")
        try await lab.command("tls", "issue", "stranger", "--client", "--ca", "foreign")
        let tls = lab.tlsFolder
        let good = ["--ca", "\(tls)/ca.pem", "--cert", "\(tls)/cert.pem", "--key", "\(tls)/key.pem"]
        let manager = try lab.address("h1")
        func client(_ name: String) -> [String] {
            ["--ca", "\(tls)/ca.pem", "--cert", "\(tls)/\(name).pem", "--key", "\(tls)/\(name)-key.pem"]
        }
        return [
            Case(
                what: "an endpoint where nothing listens", endpoint: "https://\(manager):2999", files: good,
                words: ["\(manager):2999", "refused"], credentialStatus: ["UNKNOWN"]),
            Case(
                what: "a host that is cut off", endpoint: "https://\(try lab.address("reg")):2376", files: good,
                words: ["\(try lab.address("reg")):2376"], credentialStatus: ["UNKNOWN"]),
            Case(
                what: "a name that does not exist", endpoint: "https://no-such-host.invalid:2376", files: good,
                words: ["no-such-host.invalid"], credentialStatus: ["UNKNOWN"]),
            Case(
                what: "the CA of somebody else", endpoint: "https://\(manager):2376",
                files: ["--ca", "\(tls)/foreign.pem"] + good[2...], words: ["\(manager):2376", "CA"],
                credentialStatus: ["INVALID"]),
            Case(
                what: "an expired client certificate", endpoint: "https://\(manager):2376", files: client("late"),
                words: ["\(manager):2376", "certificate", "expired"], credentialStatus: ["INVALID"]),
            Case(
                what: "a client certificate that another CA signed", endpoint: "https://\(manager):2376",
                files: client("stranger"), words: ["\(manager):2376", "client certificate"],
                credentialStatus: ["INVALID"]),
            Case(
                what: "no client certificate", endpoint: "tcp://\(manager):2376", files: [],
                words: ["\(manager):2376", "TLS"], credentialStatus: ["INVALID"]),
            Case(
                what: "TLS to a port that speaks plain text", endpoint: "https://\(manager):22", files: good,
                words: ["\(manager):22", "TLS"], credentialStatus: ["UNKNOWN", "INVALID"]),
            Case(
                what: "a worker instead of a manager", endpoint: "https://\(try lab.address("h2")):2376", files: good,
                words: ["\(try lab.address("h2")):2376", "worker", "manager"], credentialStatus: ["VALID"]),
        ]
    }

    @Test("each names the endpoint and what to do, fails, and loses nothing")
    func refused() async throws {
        let lab = try LabHosts.required()
        let cases = try await Self.cases(lab)
        try await ServerProcess.with { server in
            try await server.loginForHTTP()
            try await lab.command("lab", "cut", "reg")
            for (index, one) in cases.enumerated() {
                let name = "bad\(index)"
                let result = try await server.cli(
                    ["infra", "add", "swarm", name, "--endpoint", one.endpoint] + one.files)
                #expect(result.status == 4, "\(one.what): \(result.transcript)")
                #expect(result.errors.contains("roadstead: "), "\(one.what): \(result.transcript)")
                for word in one.words {
                    #expect(result.errors.contains(word), "\(one.what) should say \(word): \(result.transcript)")
                }
                let kept = try await server.http("credential?filter=name='\(name)'")
                #expect(kept.status == 200)
                let status = try JSONValue.parse(kept.body)["resources"]?.arrayValue?.first?["status"]?.stringValue
                #expect(one.credentialStatus.contains(status ?? ""), "\(one.what): \(kept.body)")
                #expect(!kept.body.contains("PRIVATE KEY"))
            }
            try await lab.command("lab", "heal", "reg")
        }
    }
}
