import Testing

@testable import RemoteHosts

@Suite("Why packages were not installed")
struct InstallFailureTests {
    @Test(
        "The holder of the lock, the source that fails and the full disk are named",
        arguments: [
            (
                """
                E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)
                E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?
                """,
                RemoteHostError.Code.packagesLocked, "unattended-upgr (process 4711) holds the lock"
            ),
            (
                """
                W: Failed to fetch http://mirror.example/debian/dists/bookworm/InRelease  503  Service Unavailable [IP: 192.0.2.1 80]
                W: Some index files failed to download. They have been ignored, or old ones used instead.
                E: Unable to locate package docker.io
                """,
                .packageSource,
                "from http://mirror.example/debian/dists/bookworm/InRelease (503 Service Unavailable [IP: 192.0.2.1 80])"
            ),
            (
                "E: You don't have enough free space in /var/cache/apt/archives/.", .diskFull,
                "no space left for packages (You don't have enough free space in /var/cache/apt/archives/.)"
            ),
            (
                "dpkg: error: failed to write status database record: No space left on device\nE: Sub-process dpkg",
                .diskFull, "No space left on device"
            ),
            ("E: Unable to locate package docker.io", .unsuitable, "no package source with the engine"),
            ("E: Version '99' for 'docker.io' was not found", .unsuitable, "'99' for 'docker.io' was not found"),
        ] as [(String, RemoteHostError.Code, String)])
    func told(text: String, code: RemoteHostError.Code, words: String) throws {
        let error = try #require(InstallFailure(text, in: .installEngine)).error(on: "10.0.0.1:22")
        #expect(error.code == code && error.message.hasPrefix("10.0.0.1:22 "))
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test("Other words are nobody's, and only a full disk shows in other steps")
    func others() {
        #expect(InstallFailure("E: dpkg was interrupted", in: .installEngine) == nil)
        #expect(InstallFailure("", in: .installEngine) == nil)
        #expect(InstallFailure("the image was not found", in: .startEngine) == nil)
        #expect(InstallFailure("cat: write error: No space left on device", in: .engineFiles)?.code == .diskFull)
    }
}
