import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// The doctor of clusters, at real hosts.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ClusterDoctorLabTests {
    static let names = ["cd90", "cd91"]

    /// An image of the host's own `sleep`, so that no registry is needed.
    private static let image = """
        tar -ch /bin/sleep $(ldd /bin/sleep | grep -o '/[^ ]*') 2>/dev/null | docker import - sleeper:1 >/dev/null
        """

    @Test(
        "the doctor finds a sound Swarm well and its overlays carried, and names what is broken then, within a minute"
    )
    func doctor() async throws {
        try await ClusterTrial.run(Self.names) { trial in
            let hosts = try Self.names.map { try trial.address($0) }
            try await trial.expect(
                0, "cluster", "create", "lab", "--ssh-key", trial.key, "--yes", "--host", hosts[0], "--host", hosts[1])
            for name in Self.names { try await trial.hosts.console(name, Self.image) }
            let well = try await report(trial, status: 0)
            #expect(well["verdict"] != "failure", "\(well.text())")
            for check in [
                "ssh", "engine", "certificate", "ports", "mtu", "overlay", "quorum", "nodes", "services",
                "drift",
            ] {
                #expect(verdicts(well, check) == ["ok"], "\(check): \(findings(well, check))")
            }
            // The hosts of a lab have this machine's clock, and nothing of their own that would keep it right.
            #expect(!verdicts(well, "clock").contains("failure"), "\(findings(well, "clock"))")
            #expect(findings(well, "overlay").first?["measured"] == "carries packets and names between lab-1, lab-2")
            let left = "docker ps -aq; docker network ls -q --filter label=io.roadstead.doctor"
            for name in Self.names { #expect(try await trial.hosts.console(name, left) == "", "\(name)") }

            try await trial.hosts.console(
                "cd91", "iptables -I INPUT -p udp --dport 4789 -j DROP; docker node ls 2>/dev/null; true")
            let clock = ContinuousClock()
            let start = clock.now
            let broken = try await report(trial, status: 1)
            #expect(clock.now - start < .seconds(60))
            #expect(broken["verdict"] == "failure")
            #expect(findings(broken, "ports").first?["measured"]?.stringValue?.contains("4789/udp") == true)
            #expect(verdicts(broken, "overlay").contains("failure"), "\(findings(broken, "overlay"))")
            try await trial.hosts.console(
                "cd90", "docker node update --availability pause $(docker node ls -q | head -n 1)")
            let told = try await trial.expect(1, "cluster", "doctor", "lab", "--brief")
            for words in ["-> open it in", "is set to pause", "1 of 2 machines could be entered and take tasks"] {
                #expect(told.output.contains(words), "\(words): \(told.transcript)")
            }
            try await losesQuorum(trial)
        }
    }

    /// A manager that answers nothing holds up the doctor no longer than its minute.
    private func losesQuorum(_ trial: ClusterTrial) async throws {
        try await trial.hosts.lab.command("lab", "kill", "cd90")
        let clock = ContinuousClock()
        let start = clock.now
        let report = try await report(trial, status: 1)
        #expect(clock.now - start < .seconds(60))
        #expect(findings(report, "ssh").first?["subject"] == "lab-1")
        #expect(verdicts(report, "quorum") == ["failure"], "\(report.text())")
        #expect(verdicts(report, "overlay") == ["unknown"], "\(findings(report, "overlay"))")
    }

    private func report(_ trial: ClusterTrial, status: Int32) async throws -> JSONValue {
        let result = try await trial.expect(status, "cluster", "doctor", "lab", "-o", "json")
        return try JSONValue.parse(result.output)
    }

    private func findings(_ report: JSONValue, _ check: String) -> [JSONValue] {
        report["findings"]?.arrayValue?.filter { $0["check"]?.stringValue == check } ?? []
    }

    private func verdicts(_ report: JSONValue, _ check: String) -> [String] {
        findings(report, check).compactMap { $0["verdict"]?.stringValue }
    }
}
