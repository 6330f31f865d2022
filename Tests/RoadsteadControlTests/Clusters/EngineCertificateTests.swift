import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct EngineCertificateTests {
    private static let now = SystemClock().now

    private func authority(_ name: String = "prod") throws -> ClusterAuthority {
        try ClusterAuthority.make(cluster: name, now: Self.now)
    }

    @Test(
        "a certificate is good until thirty days before its end, and as long as the machine's addresses and authority stay"
    )
    func faults() throws {
        let (own, other) = (try authority(), try authority("other"))
        let issued = try own.server(names: ["prod-1", "h.example"], addresses: ["192.0.2.7"], now: Self.now)
        func fault(_ addresses: [String], _ authority: ClusterAuthority, after days: Int = 0) -> String? {
            EngineCertificate.fault(
                issued.certificate, of: authority.certificate, addresses: addresses,
                Self.now + .seconds(days * 86_400))
        }
        #expect(fault(["192.0.2.7", "h.example"], own) == nil)
        #expect(fault(["192.0.2.7"], own, after: 699) == nil)
        #expect(fault(["192.0.2.7"], own, after: 701) == "ends \(issued.expiry.description.prefix(10))")
        #expect(fault(["192.0.2.7", "192.0.2.8"], own) == "is not for 192.0.2.8")
        #expect(fault(["g.example"], own) == "is not for g.example")
        #expect(fault(["192.0.2.7"], other) == "is of another authority")
    }

    @Test(
        "certificates that end soon are told once; an upgrade renews them, those of deployments too, and takes the warning back"
    )
    func watch() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 1, "workers": 1])
        try await trial.perform("create", id)
        func look() async throws -> String? {
            try await trial.store.write { try CertificateWatch(transaction: $0).look() }
            return try await trial.cluster(id).stored["certificate-warning"]?.stringValue
        }
        #expect(try await look() == nil)
        try await age(trial, id)
        let warning = try #require(try await look())
        #expect(warning.contains("prod-1, prod-2, that of deployments") && warning.contains("cluster upgrade prod"))
        #expect(try await look() == warning)
        #expect(try await alarms(trial) == 1)
        let plan = try await trial.value("plan", id)
        #expect(plan["changes"] == 2, "\(plan.text())")

        let before = trial.world.value.engines
        let job = try await trial.perform("apply", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        let after = trial.world.value.engines
        #expect(after.count == 2 && after.allSatisfy { before[$0.key] != $0.value })
        #expect(trial.world.value.upgrades.order.isEmpty, "no package was touched")
        #expect(try await look() == nil)
        #expect(try await trial.value("plan", id)["changes"] == 0)
    }

    /// Certificates as they were issued some 710 days ago.
    private func age(_ trial: ClusterTrial, _ id: ResourceID) async throws {
        let authority = try await ClusterSecrets.authority(of: id, in: trial.store)
        let then = Self.now - .seconds(710 * 86_400)
        for machine in try await trial.machines(id) {
            let issued = try authority.server(
                names: [machine.name], addresses: [machine.address ?? "", machine.inwardAddress ?? ""], now: then)
            try await trial.store.write { transaction in
                _ = try transaction.modify(machine.id) { document in
                    document["engine-certificate"] = .string(issued.certificate)
                    document["certificate-expiry"] = .string(issued.expiry.description)
                }
            }
        }
        let client = try authority.client("roadstead deployments", lifetime: .seconds(730 * 86_400), now: then)
        let credential = try #require(try await trial.cluster(id).credential)
        try await trial.store.write { transaction in
            _ = try transaction.modify(credential) { $0["cert"] = .string(client.certificate) }
        }
    }

    private func alarms(_ trial: ClusterTrial) async throws -> Int {
        let query = DocumentQuery(type: "event", filter: .equal("name", "cluster.certificates"))
        return try await trial.store.query(query).count
    }
}
