import DockerClient
import Foundation
import Logging
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite("Authority of a cluster", .serialized)
struct ClusterAuthorityTests {
    private let certificates: TestCertificates
    /// Certificates are verified by openssl at the machine's own time.
    private let now = SystemClock().now

    init() async throws { certificates = try await TestCertificates() }

    private func server(
        _ authority: ClusterAuthority, names: [String] = ["prod-1"], addresses: [String] = ["127.0.0.1"],
        now: Instant? = nil
    ) throws -> IssuedCertificate {
        try authority.server(names: names, addresses: addresses, now: now ?? self.now)
    }

    private func write(_ files: [String: String]) throws {
        for (name, text) in files {
            try text.write(to: certificates.folder.appending(path: name), atomically: true, encoding: .utf8)
        }
    }

    @Test("openssl takes a server's certificate for all its names and addresses, and for no other")
    func server() async throws {
        defer { certificates.remove() }
        let authority = try ClusterAuthority.make(cluster: "prod", now: now)
        let issued = try server(
            authority, names: ["prod-1", "prod-1.example.org"], addresses: ["10.0.0.11", "fd00::11", "10.0.0.11"])
        try write(["cluster.pem": authority.certificate, "server.pem": issued.certificate])
        func verify(_ options: String...) async throws {
            try await certificates.openssl(
                ["verify", "-x509_strict", "-CAfile", "cluster.pem"] + options + ["server.pem"])
        }
        for purpose in ["sslserver", "sslclient"] { try await verify("-purpose", purpose) }
        for name in ["prod-1", "prod-1.example.org"] { try await verify("-verify_hostname", name) }
        for address in ["10.0.0.11", "fd00::11"] { try await verify("-verify_ip", address) }
        await #expect(throws: TestCertificates.Failed.self) { try await verify("-verify_hostname", "prod-2") }
        await #expect(throws: TestCertificates.Failed.self) { try await verify("-verify_ip", "10.0.0.12") }
        let text = try await certificates.openssl(["x509", "-noout", "-text", "-in", "server.pem"])
        #expect(text.ranges(of: "IP Address:10.0.0.11").count == 1)
        #expect(text.contains("CN = prod-1"))
    }

    @Test("A client's certificate is a client's only, and names who it is")
    func client() async throws {
        defer { certificates.remove() }
        let authority = try ClusterAuthority.make(cluster: "prod", now: now)
        let issued = try authority.client("user/ada", lifetime: .seconds(86400), now: now)
        try write(["cluster.pem": authority.certificate, "client.pem": issued.certificate])
        func verify(_ purpose: String) async throws {
            try await certificates.openssl(["verify", "-CAfile", "cluster.pem", "-purpose", purpose, "client.pem"])
        }
        try await verify("sslclient")
        await #expect(throws: TestCertificates.Failed.self) { try await verify("sslserver") }
        #expect(
            try await certificates.openssl(["x509", "-noout", "-subject", "-in", "client.pem"])
                .contains("CN = user/ada"))
    }

    @Test("Certificates begin an hour ago, end when they say, and never after their authority")
    func times() throws {
        defer { certificates.remove() }
        let day = Duration.seconds(86400)
        let authority = try ClusterAuthority.make(cluster: "prod", now: now)
        let issued = try server(authority)
        let second = Instant(millisecondsSinceEpoch: now.millisecondsSinceEpoch / 1000 * 1000)
        #expect(issued.expiry == second + day * 730)
        #expect(try IssuedCertificate(certificate: issued.certificate, key: issued.key) == issued)
        let late = try server(authority, now: now + day * 3600)
        #expect(late.expiry == second + day * 3650)
        let error = #expect(throws: RoadsteadError.self) { try server(authority, now: now + day * 3651) }
        #expect(error?.code == .invalidState)
    }

    @Test("An authority is read back from its texts and signs as before")
    func kept() async throws {
        defer { certificates.remove() }
        let made = try ClusterAuthority.make(cluster: "prod", now: now)
        let read = try ClusterAuthority(certificate: made.certificate, key: made.key)
        try write(["cluster.pem": made.certificate, "server.pem": try server(read).certificate])
        try await certificates.openssl(["verify", "-x509_strict", "-CAfile", "cluster.pem", "server.pem"])
    }

    @Test("An authority that docker-machine would have made, of another kind of key, signs too")
    func imported() async throws {
        defer { certificates.remove() }
        try await certificates.openssl([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/O=old", "-days", "9", "-keyout", "old.key",
            "-out", "old.pem", "-addext", "keyUsage=critical,keyCertSign",
        ])
        func text(_ name: String) throws -> String {
            try String(contentsOf: certificates.folder.appending(path: name), encoding: .utf8)
        }
        let old = try ClusterAuthority(certificate: try text("old.pem"), key: Redacted(try text("old.key")))
        try write(["server.pem": try server(old).certificate])
        try await certificates.openssl(["verify", "-CAfile", "old.pem", "-purpose", "sslserver", "server.pem"])
    }

    @Test("Texts that are no authority are refused, without their contents")
    func unusable() async throws {
        defer { certificates.remove() }
        let (made, other) = (
            try ClusterAuthority.make(cluster: "a", now: now), try ClusterAuthority.make(cluster: "b", now: now)
        )
        let leaf = try server(made)
        for (certificate, key, words) in [
            ("SECRET", made.key, "not a certificate"), (made.certificate, Redacted("SECRET"), "not a private key"),
            (made.certificate, other.key, "does not belong"), (leaf.certificate, leaf.key, "no authority"),
        ] {
            let error = #expect(throws: RoadsteadError.self) {
                try ClusterAuthority(certificate: certificate, key: key)
            }
            #expect(error?.code == .invalidInput && error?.message.contains(words) == true)
            #expect(error.map { "\($0)".contains("SECRET") } == false)
        }
        #expect(!"\(made)".contains(made.key.exposed.split(separator: "\n")[1]))
    }

    @Test("Names and addresses that a certificate cannot be for are refused")
    func names() throws {
        defer { certificates.remove() }
        let authority = try ClusterAuthority.make(cluster: "prod", now: now)
        for (names, addresses) in [
            ([], []), (["a b"], []), (["ü"], []), ([""], []), ([], ["10.0.0"]), ([], ["10.0.0.0/24"]), ([], ["x"]),
        ] as [([String], [String])] {
            let error = #expect(throws: RoadsteadError.self, "\(names) \(addresses)") {
                try server(authority, names: names, addresses: addresses)
            }
            #expect(error?.code == .invalidInput)
        }
        #expect(throws: RoadsteadError.self) { try authority.client("", lifetime: .seconds(9), now: now) }
    }

    @Test("An engine and a client of one cluster take each other, and nobody of another cluster")
    func mutualTLS() async throws {
        defer { certificates.remove() }
        let ours = try ClusterAuthority.make(cluster: "ours", now: now)
        let theirs = try ClusterAuthority.make(cluster: "theirs", now: now)
        let issued = try server(ours)
        let configuration = try TestCertificates.server(
            TestCertificates.Pair(certificate: issued.certificate, key: issued.key), clientsOf: ours.certificate)
        let (mine, foreign) = (
            try ours.client("a", lifetime: .seconds(900), now: now),
            try theirs.client("a", lifetime: .seconds(900), now: now)
        )
        try await FakeEngine.with(.tls(configuration)) { engine in
            for (authority, client, expected) in [
                (ours, mine, nil), (theirs, mine, .tlsNotTrusted), (ours, foreign, .clientCertificateRefused),
            ] as [(ClusterAuthority, IssuedCertificate, EngineError.Kind?)] {
                let tls = EngineTLS(ca: authority.certificate, certificate: client.certificate, key: client.key)
                let error = try await Self.error(.tcp(host: "127.0.0.1", port: engine.port, tls: tls))
                #expect(error?.kind == expected)
            }
        }
    }

    private static func error(_ endpoint: EngineEndpoint) async throws -> EngineError? {
        let client = try EngineClient(endpoint: endpoint, logger: Logger(label: "test"))
        var caught: EngineError?
        do { _ = try await client.nodes() } catch { caught = error }
        await client.shutdown()
        return caught
    }
}
