import Foundation
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct ClusterDoorsTests {
    private func doors(_ json: JSONObject = [:], from controlPlane: [String] = []) throws -> ClusterDoors {
        let base: JSONObject = ["name": "prod", "driver": "simulated"]
        return ClusterDoors(
            specification: try ClusterSpecification(json: .object(base.merging(json))), controlPlane: controlPlane)
    }

    @Test("by default the world reaches SSH and published ports; nobody the engines, and only members the Swarm")
    func usual() throws {
        let rules = try doors().rules
        #expect(!rules.contains { $0.ports.contains(2376) && $0.source != .members })
        #expect(rules.count { $0.ports == 22...22 } == 2)
        let published = rules.filter { $0.purpose == "published" }
        #expect(published.map(\.ports) == [30000...32000, 30000...32000])
        #expect(Set(published.map(\.source)) == [.addresses("0.0.0.0/0"), .addresses("::/0")])
        let members = rules.filter { $0.source == .members }
        #expect(members.map(\.ports) == [2377...2377, 7946...7946, 7946...7946, 4789...4789, 0...0])
        #expect(Set(rules).count == rules.count)
    }

    @Test("this server comes in beside those who are named, once")
    func controlPlane() throws {
        let access: JSONValue = ["192.0.2.0/24", "203.0.113.7/32"]
        let doors = try doors(["engine-access": access, "ssh-access": access], from: ["203.0.113.7/32"])
        for port in [22, 2376] {
            let sources = doors.rules.filter { $0.ports == port...port }.map(\.source)
            #expect(sources == [.addresses("192.0.2.0/24"), .addresses("203.0.113.7/32")])
        }
        #expect(doors.isReachable)
        #expect(try !self.doors(["ssh-access": access]).isReachable)
        #expect(try self.doors().isReachable)
    }

    static let specifications: [JSONObject] = [
        [:], ["ports": []], ["ports": ["443/tcp", "53/udp", "30000-32000/tcp"]],
        ["engine-access": ["192.0.2.0/24", "203.0.113.7/32"], "ssh-access": ["203.0.113.7/32"]],
    ]

    @Test("rules that are as they should be are read back as the specification itself", arguments: specifications)
    func roundTrip(json: JSONObject) throws {
        let doors = try doors(json, from: ["203.0.113.7/32", "198.51.100.1/32"])
        #expect(doors.firewall(Set(doors.rules)) == ClusterFirewall(doors.specification))
    }

    @Test("a rule that somebody added is drift, and is shown")
    func drift() throws {
        let doors = try doors()
        let more: Set<FirewallRule> = [
            FirewallRule(.tcp, 2376...2376, from: .addresses("0.0.0.0/0"), purpose: ""),
            FirewallRule(.tcp, 8080...8080, from: .addresses("192.0.2.1/32"), purpose: ""),
        ]
        let live = doors.firewall(Set(doors.rules).union(more))
        #expect(live.engineAccess == ["0.0.0.0/0"])
        #expect(live.ports.map(\.description) == ["8080/tcp", "30000-32000/tcp"])
    }
}

@Suite struct ClusterToolsTests {
    @Test("the server's own addresses are taken from its environment, as ranges; nonsense names the variable")
    func addresses() throws {
        let tools = try ClusterTools(environment: ["ROADSTEAD_PUBLIC_ADDRESS": "203.0.113.7, 2001:db8::/64"])
        #expect(tools.publicAddresses == ["203.0.113.7/32", "2001:db8::/64"])
        for wrong in ["nowhere", "10.0.0.5/8"] {
            let error = #expect(throws: RoadsteadError.self) {
                try ClusterTools(environment: ["ROADSTEAD_PUBLIC_ADDRESS": wrong])
            }
            #expect(error?.message.contains("ROADSTEAD_PUBLIC_ADDRESS") == true)
        }
    }

    @Test("executables of the folder are drivers; what is none, or lies elsewhere, is not")
    func programs() async throws {
        try await TemporaryDirectory.run { folder in
            try "#!/bin/sh\n".write(toFile: folder.file("nimbus"), atomically: true, encoding: .utf8)
            try "".write(toFile: folder.file("README"), atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file("nimbus"))
            let drivers = try ClusterTools(environment: ["ROADSTEAD_DRIVERS": folder.path]).drivers
            try drivers.check("nimbus")
            for name in ["README", "../nimbus", ".", ""] {
                let error = #expect(throws: RoadsteadError.self) { try drivers.check(name) }
                #expect(error?.message.contains("amazonec2, exoscale, generic, nimbus") == true)
            }
        }
        #expect(throws: RoadsteadError.self) { try ClusterTools(environment: ["ROADSTEAD_DRIVERS": "nowhere"]) }
    }
}
