import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadControl

/// Hosts that are reached at IPv6 addresses.
@Suite struct SixthAddressTests {
    @Test("a host's address counts in one form, and stands in brackets beside a port")
    func key() throws {
        let written = ["fd00::3", "FD00:0::3", "fd00:0:0:0:0:0:0:3"]
        for address in written { #expect(ClusterHost(address: address, role: .worker).key == "[fd00::3]:22") }
        #expect(ClusterHost(address: "10.0.0.1", port: 2222, role: .worker).key == "10.0.0.1:2222")
        #expect(ClusterHost(address: "Host-1", role: .worker).key == "host-1:22")
        #expect(ClusterRegistration.endpoint("fd00::3") == "https://[fd00::3]:2376")
    }

    @Test("the same host in two forms of its address is listed once")
    func twice() throws {
        let error = #expect(throws: RoadsteadError.self) {
            _ = try ClusterSpecification(json: [
                "name": "lab", "driver": "generic", "hosts": [["address": "fd00::3"], ["address": "fd00:0::3"]],
            ])
        }
        #expect(error?.message.contains("is the same host as hosts[0] ([fd00::3]:22)") == true)
    }

    @Test("the engine and the Swarm listen for the family of the address at which they are found")
    func listeners() {
        #expect(SwarmMembership.listener(at: "10.0.0.1") == "0.0.0.0:2377")
        #expect(SwarmMembership.listener(at: "fd00::3") == "[::]:2377")
    }

    @Test(
        "nodes find each other by IPv4 where they have it, whatever we reach them by",
        arguments: [
            ("fd00::3", ["fd00::3", "10.0.0.3"], "10.0.0.3"), ("fd00::3", ["fd00::3"], "fd00::3"),
            ("203.0.113.3", ["10.0.0.3", "fd00::3"], "10.0.0.3"), ("10.0.0.3", ["10.9.9.9", "10.0.0.3"], "10.0.0.3"),
        ])
    func inward(address: String, own: [String], expected: String) throws {
        var facts = HostFacts()
        facts.addresses = own
        #expect(ClusterActions.inwardAddress(known: nil, address: address, facts) == expected)
    }
}
