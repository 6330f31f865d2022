import RemoteHosts
import RoadsteadTestKit
import Testing

@Suite("Facts of real hosts", .serialized, .timeLimit(.minutes(5)))
struct HostFactsLabTests {
    @Test("A bare host is seen as it is, and a package lock that is held")
    func bare() async throws {
        try await HostTrial.run(["rc51"]) { trial in
            try await RemoteHost.with(try await trial.login("rc51", user: "debian")) { host in
                let facts = try await host.facts()
                #expect(facts.distribution == "debian" && facts.release == "12")
                #expect(facts.hasSystemd && facts.hostName == "rc51")
                #expect(facts.addresses == [try trial.lab.address("rc51")])
                #expect(facts.machineID?.count == 32 && facts.defaultInterface != nil && facts.mtu != nil)
                #expect((facts.memory ?? 0) > 0 && (facts.cores ?? 0) > 0 && (facts.freeDisk ?? 0) > 0)
                #expect(!facts.hasDocker && facts.engine == nil && !facts.packageLockHeld)

                let holder = #"""
                    use Fcntl; my $p = pack("s s x4 q q l x4", F_WRLCK, 0, 0, 0, 0);
                    open F, ">>", "/var/lib/dpkg/lock-frontend"; fcntl F, F_SETLK, $p or die; sleep 1000
                    """#
                try await host.upload(Array(holder.utf8), to: "/root/holder.pl")
                try await trial.console("rc51", "systemd-run -q --unit=holder perl /root/holder.pl")
                try await until("the lock is seen") { try await host.facts().packageLockHeld }
                try await trial.console("rc51", "systemctl stop holder")
                try await until("the lock is gone") { try await !host.facts().packageLockHeld }
            }
        }
    }
}
