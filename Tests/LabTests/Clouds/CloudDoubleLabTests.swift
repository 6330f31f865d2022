import Foundation
import Logging
import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

@Suite("Doubles of clouds make real hosts", .serialized, .timeLimit(.minutes(5)))
struct CloudDoubleLabTests {
    @Test("Exoscale's: a machine is entered by its key, did its user data, is in its network, stops, starts and leaves")
    func exoscale() async throws {
        let lab = try LabHosts.required()
        let double = try await lab.double("Tests/RoadsteadCloudsTests/Exoscale/exoscale_double.py")
        let driver = try ExoscaleDriver(
            credential: ExoscaleCredential(apiKey: "EXOLAB", apiSecret: Redacted("right"), zone: "ch-gva-2"),
            endpoint: double.endpoint + "/ZONE/v2", logger: Logger(label: "lab"))
        try await live(driver, of: double, lab, name: "exo-1")
    }

    @Test("EC2's: the same, and the console tells the host's own key")
    func amazonEC2() async throws {
        let lab = try LabHosts.required()
        let double = try await lab.double("Tests/RoadsteadCloudsTests/AmazonEC2/ec2_double.py")
        let driver = try AmazonEC2Driver(
            credential: AmazonEC2Credential(
                accessKey: "AKIDLAB", secretKey: Redacted("right"), region: "us-east-1", endpoint: double.endpoint),
            logger: Logger(label: "lab"))
        try await live(driver, of: double, lab, name: "ec2-1")
    }

    private func live(
        _ driver: any CloudDriver, of double: CloudDouble, _ lab: LabHosts, name: String
    ) async throws {
        let cluster = UUID().uuidString.lowercased()
        var failure: (any Error)?
        do { try await Self.life(driver, lab, cluster, name: name) } catch {
            failure = error
            try? await driver.clear(cluster)
        }
        await driver.shutdown()
        await double.end()
        if let failure { throw failure }
    }

    private static func life(
        _ driver: any CloudDriver, _ lab: LabHosts, _ cluster: String, name: String
    ) async throws {
        func tag(_ name: String) -> CloudTag { CloudTag(cluster: cluster, token: name, name: name) }
        let publicKey = try String(contentsOfFile: lab.userKeyFile + ".pub", encoding: .utf8)
        let key = try await driver.ensure(.key(KeyRequest(publicKey: publicKey)), tag: tag(name + "-key"))
        let range = CloudRequest.network(NetworkRequest(range: "10.20.0.0/24"))
        let network = try await driver.ensure(range, tag: tag(name + "-network"))
        let request = MachineRequest(
            size: "small", image: "debian-12", key: key.reference.id, network: network.reference.id,
            userData: "#!/bin/sh\nhostname > /root/made\n")
        let machine = try await driver.ensure(.machine(request), tag: tag(name))
        try await enter(machine, driver, lab, name: name)

        try await driver.power(.stop, machine: machine.reference)
        try await until("the host is down") { (try? await lab.command("lab", "pid", name))?.isEmpty != false }
        // Starts it.
        #expect(try await driver.ensure(.machine(request), tag: tag(name)).reference == machine.reference)
        try await enter(machine, driver, lab, name: name)
        try await driver.clear(cluster)
        try await until("the host is gone") { try await !lab.command("lab", "status").contains(name) }
    }

    private static func enter(
        _ machine: CloudResource, _ driver: any CloudDriver, _ lab: LabHosts, name: String
    ) async throws {
        var known: [HostKey] = []
        if driver.features.contains(.hostKeys) {
            try await until("the console tells the host's key") {
                known = try await driver.resource(machine.reference)?.hostKeys.compactMap { HostKey($0) } ?? []
                return !known.isEmpty
            }
        }
        let image = try #require(try await driver.catalog().images.first { $0.name == "debian-12" })
        let login = try HostLogin(
            address: try HostAddress(try #require(machine.address)), user: image.user,
            trust: known.isEmpty ? .firstContact : .known(known),
            authentication: .key(Redacted(try String(contentsOfFile: lab.userKeyFile, encoding: .utf8))))
        let look = RemoteCommand("cat /root/made && hostname -I", asRoot: true)
        var words: [Substring] = []
        try await until("the user data is done on \(name)") {
            // Refused until the host is up and its user made.
            let result = try? await RemoteHost.with(login) { try await $0.run(look) }
            words = String(decoding: result?.output ?? [], as: UTF8.self).split(whereSeparator: \.isWhitespace)
            return words.first.map(String.init) == name
        }
        let inside = try #require(machine.privateAddress)
        #expect(words.contains { $0 == inside }, "\(words)")
    }
}
