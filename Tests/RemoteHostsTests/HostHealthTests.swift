import Testing

@testable import RemoteHosts

@Suite("Health of a host")
struct HostHealthTests {
    @Test("What a host tells is read, and what it does not tell is not made up")
    func reads() throws {
        let text = """
            disk-kb=40000 50000
            inodes=900 1000
            memory-kb=1000 4000
            machine-id=abc
            synchronized=no
            names=deb.debian.org|mirror.example registry-1.docker.io
            resolves=yes
            forwarding=1
            ipvs=no
            logging=json-file
            log-limit=yes
            certificate=-----BEGIN CERTIFICATE-----|AAAA|-----END CERTIFICATE-----
            usage=Images;1.2GB;600MB (50%)
            usage=Local Volumes;12.5kB;0B (0%)
            usage=Build Cache;0B;0B
            usage=nonsense
            end=yes
            """
        let health = try #require(HostHealth(parsing: text))
        #expect(health.disk == .init(free: 40_960_000, total: 51_200_000) && health.inodes?.free == 900)
        #expect(health.memory?.total == 4_096_000 && health.isClockSynchronized == false)
        #expect(health.lookedUp == ["deb.debian.org", "mirror.example", "registry-1.docker.io"])
        #expect(health.isNameFound == true && health.forwardsPackets == true && health.hasIPVS == false)
        #expect(health.certificate == "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")
        #expect(health.authority == nil && health.hostName == nil)
        #expect(
            health.usage == [
                .init(kind: "Images", size: 1_200_000_000, reclaimable: 600_000_000),
                .init(kind: "Local Volumes", size: 12_500, reclaimable: 0),
                .init(kind: "Build Cache", size: 0, reclaimable: 0),
            ])
        #expect(HostHealth(parsing: "disk-kb=1 2\n") == nil)
    }

    @Test("What hosts have heard of each other in an overlay network is read to its end")
    func overlay() {
        let answers = OverlayProbe.answers(parsing: "node-1 named 8000\nnode-2 unknown 1448\nnode-3 other 8000\nend\n")
        #expect(answers?[1] == .init(isNamed: true, isCarried: true))
        #expect(answers?[2] == .init(isNamed: false, isCarried: false))
        #expect(answers?[3] == .init(isNamed: nil, isCarried: true))
        #expect(OverlayProbe.answers(parsing: "node-1 named 8000\n") == nil)
    }
}
