import Foundation
import RoadsteadBasics
import RoadsteadClouds
import Testing

/// `Documentation/drivers.md` is what authors of drivers go by: it is held to what is really sent.
@Suite("The document of the driver protocol")
struct ProtocolDocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func document() throws -> String {
        try String(contentsOf: root.appending(path: "Documentation/drivers.md"), encoding: .utf8)
    }

    private static func examples() throws -> [JSONValue] {
        try document().split(separator: "\n").filter { $0.hasPrefix("{") }.map { try JSONValue.parse(String($0)) }
    }

    @Test("every call of the document is what the driver sends, member by member")
    func callsAreThoseSent() async throws {
        let documented = try Self.examples().filter { $0["call"] != nil && $0["call"] != "hello" }
        try await Folder.with { folder in
            let record = folder.url.appending(path: "record")
            var program = folder.program(key: "right")
            program.arguments = ["-c", "tee \"$0\" | \"$1\"", record.path, program.path]
            program.path = "/bin/sh"
            let driver = try await ExternalDriver(program)
            try await Self.callAll(driver)
            await driver.shutdown()
            let text = try String(contentsOf: record, encoding: .utf8)
            let sent = try text.split(separator: "\n").map { try JSONValue.parse(String($0)) }
            #expect(sent.first?["call"] == "hello" && sent.first?["versions"] == [1])
            #expect(Array(sent.dropFirst()) == documented)
        }
    }

    /// The calls in the document's order. The folder refuses some, as it has no such things; they were sent all the same.
    private static func callAll(_ driver: ExternalDriver) async throws {
        func tag(_ token: String, _ name: String = "prod") -> CloudTag {
            CloudTag(cluster: "8c0d", token: token, name: name)
        }
        let firewall = FirewallRequest(rules: [.ssh], network: "n-1")
        let machine = MachineRequest(
            size: "small", image: "debian-12", zone: "shelf-1", disk: 50, key: "k-1", firewalls: ["f-1"],
            network: "n-1",
            placement: "p-1", userData: "#cloud-config\n")
        let (one, rules) = (CloudReference(.machine, "m-1"), CloudReference(.firewall, "f-1"))
        try await driver.check()
        _ = try await driver.catalog()
        _ = try await driver.make(.network(NetworkRequest(range: "10.0.0.0/24")), tag: tag("network"))
        _ = try await driver.make(.firewall(firewall), tag: tag("firewall"))
        _ = try await driver.make(.key(KeyRequest(publicKey: "ssh-ed25519 AAAA… prod")), tag: tag("key"))
        _ = try await driver.make(.placement, tag: tag("placement"))
        _ = try? await driver.make(.machine(machine), tag: tag("m1", "prod-1"))
        _ = try await driver.resource(one)
        _ = try await driver.resources(of: "8c0d")
        try await driver.remove(rules)
        try? await driver.power(.restart, machine: one)
        try? await driver.setRules([], firewall: rules)
    }

    @Test("the table of errors has every code that a program may answer with, and no other")
    func codesAreThoseKnown() throws {
        let rows = try Self.document().split(separator: "\n").filter { $0.hasPrefix("| `") }
        let told = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        let known = Set(CloudError.Code.allCases).subtracting([.brokenDriver, .cancelled])
        #expect(Set(told) == Set(known.map(\.rawValue)))
    }

    @Test("the example stays an example: under 250 lines")
    func exampleIsShort() throws {
        let text = try String(contentsOf: Self.root.appending(path: "Examples/driver/folder-driver"), encoding: .utf8)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 250)
    }
}
