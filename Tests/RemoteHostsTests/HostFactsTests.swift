import Testing

@testable import RemoteHosts

@Suite("Facts of a host")
struct HostFactsTests {
    private let bare = """
        distribution=debian
        release=12
        architecture=x86_64
        kernel=6.1.0-18-amd64
        systemd=yes
        memory-kb=2048000
        cores=2
        disk-kb=51475068 48000000
        host-name=h1
        machine-id=0123456789abcdef0123456789abcdef
        addresses=10.0.0.9 fd00::9
        interface=eth0
        mtu=1450
        time=1764450000
        """

    @Test("A bare host is read whole")
    func readsBare() throws {
        let facts = try #require(HostFacts(parsing: bare))
        #expect(facts.distribution == "debian" && facts.release == "12" && facts.architecture == "x86_64")
        #expect(facts.hasSystemd && facts.memory == 2_097_152_000 && facts.cores == 2)
        #expect(facts.totalDisk == 52_710_469_632 && facts.freeDisk == 49_152_000_000)
        #expect(facts.addresses == ["10.0.0.9", "fd00::9"] && facts.mtu == 1450)
        #expect(!facts.hasDocker && facts.engine == nil && !facts.packageLockHeld && facts.cloudInit == nil)
        #expect(facts.clockAhead(of: 1_764_449_990) == 10)
    }

    @Test(
        "An engine is read with its Swarm; one that does not answer is none",
        arguments: [
            (
                "20.10.24+dfsg1|overlay2|3|active|abc|true|clu|false",
                HostFacts.Engine(
                    version: "20.10.24+dfsg1", storageDriver: "overlay2", running: 3, swarmState: "active",
                    nodeID: "abc", clusterID: "clu", isManager: true)
            ),
            (
                "26.1.5+dfsg1|overlay2|0|active|abc|false||",
                HostFacts.Engine(
                    version: "26.1.5+dfsg1", storageDriver: "overlay2", swarmState: "active", nodeID: "abc")
            ),
            (
                "28.0.1|overlayfs|0|inactive||false||true",
                HostFacts.Engine(version: "28.0.1", storageDriver: "overlayfs", letsContainersLive: true)
            ),
            ("||0|||false||", nil), ("nonsense", nil), ("", nil),
        ] as [(String, HostFacts.Engine?)])
    func engine(line: String, engine: HostFacts.Engine?) throws {
        let facts = try #require(HostFacts(parsing: bare + "\ndocker=yes\nengine=" + line))
        #expect(facts.hasDocker)
        #expect(facts.engine == engine)
    }

    @Test("Containers are told by name and by who starts them again, file systems by where they are mounted")
    func findings() throws {
        let facts = try #require(
            HostFacts(
                parsing: bare + "\ncontainers=/web|no| /db|always| /shop.1.x|no|t1 nonsense /|no|"
                    + "\nengine-settings=hosts tlsverify\nrestart-due=yes\nspaces=/|4096 / /var|x /var|2048"))
        #expect(
            facts.containers == [
                .init("web"), .init("db", comesBack: true), .init("shop.1.x", isTask: true),
            ])
        #expect(facts.engineSettings == ["hosts", "tlsverify"] && facts.isRestartDue)
        #expect(facts.spaces == [.init(mount: "/", free: 4 << 20), .init(mount: "/var", free: 2 << 20)])
    }

    @Test("What Roadstead and Docker left on a host is seen without its engine")
    func traces() throws {
        let facts = try #require(
            HostFacts(
                parsing: bare + "\ndocker=yes\nprepared=yes\ninstalling=yes\ndocker-state=yes"
                    + "\nauthority=-----BEGIN CERTIFICATE----- MIIB=  AA== -----END CERTIFICATE-----"))
        #expect(facts.engine == nil && facts.isPrepared && facts.isInstalling && facts.hasDockerState)
        #expect(
            facts.engineAuthority
                == "-----BEGIN CERTIFICATE-----\nMIIB=\nAA==\n-----END CERTIFICATE-----\n".words)
        let other = try #require(HostFacts(parsing: bare))
        #expect(!other.isPrepared && !other.isInstalling && !other.hasDockerState && other.engineAuthority == nil)
    }

    @Test("A held lock and a first boot that goes on are seen")
    func busy() throws {
        let facts = try #require(HostFacts(parsing: bare + "\npackage-lock=held\ncloud-init=running"))
        #expect(facts.packageLockHeld && facts.cloudInit == "running")
    }

    @Test("What is no answer of the script is none, and broken numbers are left out")
    func broken() throws {
        for text in ["", "This account is currently not available.\n", "kernel=6.1"] {
            #expect(HostFacts(parsing: text) == nil)
        }
        let facts = try #require(
            HostFacts(parsing: "kernel=6\ntime=x\nmemory-kb=99999999999999999999\ndisk-kb=1\ncores=-\nmtu="))
        #expect(facts.time == nil && facts.memory == nil && facts.freeDisk == nil && facts.cores == nil)
    }
}
