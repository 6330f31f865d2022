import Foundation
import RemoteHosts
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// What keeps packages from being installed on a real host, one after the other, and at last nothing.
@Suite("Packages that cannot be installed", .serialized, .timeLimit(.minutes(5)))
struct ClusterInstallLabTests {
    @Test("A full disk, a held lock and a dead source are named, and the preparation goes on once they are gone")
    func faults() async throws {
        try await HostTrial.run(["rc76"]) { trial in
            try await RemoteHost.with(try await trial.login("rc76", user: "debian")) { host in
                try await fullDisk(trial, host)
                try await lock(trial, host)
                try await source(trial, host)
                let disk = try await usedDisk(trial, host)
                try await prepare(host, disk)
                #expect(try await host.facts().engine != nil)
                try await look(at: disk, trial)
            }
        }
    }

    private func prepare(_ host: RemoteHost, _ disk: String? = nil) async throws {
        let patience = PackagePatience(lock: 2, tries: 1)
        try await host.prepare(
            HostPreparation(
                try await host.facts(), wishes: EngineWishes(dataDisk: disk), host: "rc76", patience: patience))
    }

    private func failure(_ host: RemoteHost, _ disk: String? = nil) async -> RemoteHostError? {
        await #expect(throws: RemoteHostError.self) { try await prepare(host, disk) }
    }

    private func fullDisk(_ trial: HostTrial, _ host: RemoteHost) async throws {
        try await trial.console("rc76", "mount -t tmpfs -o size=50m small /var/cache/apt")
        let told = await failure(host)
        #expect(told?.code == .unsuitable)
        let words = "50 MiB free at /var/cache/apt, and 200 MiB are needed there"
        #expect(told?.message.contains(words) == true, "\(told?.message ?? "")")
        #expect(try await !host.facts().isInstalling)
        try await trial.console("rc76", "umount /var/cache/apt")
    }

    private func lock(_ trial: HostTrial, _ host: RemoteHost) async throws {
        let holder = #"""
            use Fcntl; my $p = pack("s s x4 q q l x4", F_WRLCK, 0, 0, 0, 0);
            open F, ">>", "/var/lib/dpkg/lock-frontend"; fcntl F, F_SETLK, $p or die; sleep 1000
            """#
        try await host.upload(Array(holder.utf8), to: "/root/holder.pl")
        try await trial.console("rc76", "systemd-run -q --unit=holder perl /root/holder.pl")
        try await until("the lock is held") { try await host.facts().packageLockHeld }
        let process = try await trial.console("rc76", "systemctl show -p MainPID --value holder")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let told = await failure(host)
        #expect(told?.code == .packagesLocked && told?.mayPass == true)
        #expect(
            told?.message.contains("perl (process \(process)) holds the lock") == true, "\(told?.message ?? "")")
        try await trial.console("rc76", "systemctl stop holder")
    }

    /// Nothing listens there, and what was known of it is gone.
    private func source(_ trial: HostTrial, _ host: RemoteHost) async throws {
        try await trial.console(
            "rc76",
            "mkdir /root/apt && mv /etc/apt/sources.list* /root/apt/ && rm -rf /var/lib/apt/lists/* && "
                + "echo 'deb http://127.0.0.1:9/debian bookworm main' >/etc/apt/sources.list")
        let told = await failure(host)
        #expect(told?.code == .packageSource && told?.mayPass == true)
        #expect(
            told?.message.contains("cannot get packages from http://127.0.0.1:9/debian") == true,
            "\(told?.message ?? "")")
        try await trial.console("rc76", "rm /etc/apt/sources.list && mv /root/apt/* /etc/apt/")
    }

    /// A disk with a swap area on it, which is emptied then. In hosts of the lab, Docker's folder is a mount already.
    private func usedDisk(_ trial: HostTrial, _ host: RemoteHost) async throws -> String {
        let disk = try await trial.console(
            "rc76",
            """
            set -e
            umount /var/lib/docker
            mknod /dev/loop-control c 10 237
            n=$(losetup -f | tr -dc 0-9)
            mknod /dev/loop$n b 7 $n
            truncate -s 1100M /root/disk
            losetup /dev/loop$n /root/disk
            mkswap -q /dev/loop$n
            echo /dev/loop$n
            """
        ).trimmingCharacters(in: .whitespacesAndNewlines)
        let told = await failure(host, disk)
        try await trial.console("rc76", "wipefs -qa \(disk); dd if=/dev/zero of=\(disk) bs=1M count=1 2>/dev/null")
        #expect(told?.message.contains("data disk \(disk) is formatted") == true, "\(told?.message ?? "")")
        #expect(try await !host.facts().hasDocker)
        return disk
    }

    /// The loop device goes with the host from here on.
    private func look(at disk: String, _ trial: HostTrial) async throws {
        try await trial.console("rc76", "losetup -d \(disk)")
        #expect(try await trial.console("rc76", "findmnt -no SOURCE /var/lib/docker").hasPrefix(disk))
        let needs = try await trial.console("rc76", "systemctl show -p RequiresMountsFor docker")
        #expect(needs.contains("/var/lib/docker"), "\(needs)")
        let table = try await trial.console(
            "rc76", "grep -c '^UUID=.* /var/lib/docker ext4 defaults,nofail' /etc/fstab")
        #expect(table.hasPrefix("1"))
        #expect(try await trial.console("rc76", "ls /var/lib/docker").contains("overlay2"))
    }
}
