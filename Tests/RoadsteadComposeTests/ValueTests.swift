import DockerAPI
import Testing

@testable import RoadsteadCompose

@Suite struct ValueTests {
    @Test(
        "durations are Go's",
        arguments: [
            ("0", 0), ("0s", 0), ("5s", 5_000_000_000), ("+5s", 5_000_000_000), ("-5s", -5_000_000_000),
            ("1m30s", 90_000_000_000), ("1.5h", 5_400_000_000_000), (".5s", 500_000_000), ("5.s", 5_000_000_000),
            ("100ms", 100_000_000), ("300µs", 300_000), ("300μs", 300_000), ("7us", 7000), ("9ns", 9),
            ("2h45m30.5s", 9_930_500_000_000), ("0.000000001s", 1), ("", nil), ("5", nil), ("s", nil), (".s", nil),
            ("5 s", nil), ("30 seconds", nil), ("1d", nil), ("9999999999h", nil), ("1h-5m", nil), ("+", nil),
            ("1.2.3s", nil),
        ] as [(String, Int64?)])
    func durations(_ text: String, _ nanoseconds: Int64?) {
        #expect(GoDuration.nanoseconds(text) == nanoseconds)
    }

    @Test(
        "sizes are docker's",
        arguments: [
            ("4194304", 4_194_304), ("5b", 5), ("1k", 1024), ("1KB", 1024), ("7KiB", 7168), ("1.5g", 1_610_612_736),
            ("64 MB", 67_108_864), ("1tb", 1_099_511_627_776), ("0", 0), ("1p", 1_125_899_906_842_624), (".5k", 512),
            ("lots", nil), ("", nil), ("-1", nil), ("-1m", nil), ("1x", nil), ("1kk", nil), ("1bb", nil),
            ("1 kib b", nil),
            ("1_0", nil), ("99999999999p", nil), ("m", nil), ("0x1p3", nil), ("inf", nil),
        ] as [(String, Int64?)])
    func sizes(_ text: String, _ bytes: Int64?) {
        #expect(ByteSize.bytes(text) == bytes)
    }

    @Test(
        "processors are exact",
        arguments: [
            ("0.5", 500_000_000), (".125", 125_000_000), ("2", 2_000_000_000), ("1e-1", 100_000_000),
            ("1/4", 250_000_000), ("0.000000001", 1), ("1.50", 1_500_000_000), ("0", 0), ("-1", -1_000_000_000),
        ] as [(String, Int64)])
    func processors(_ text: String, _ nanos: Int64) throws {
        #expect(try CPUAmount.nanos(text) == nanos)
    }

    @Test(
        "processors finer than a billionth, and what is no number, are refused",
        arguments: [
            ("0.0000000001", CPUAmount.Failure.tooPrecise), ("1/3", .tooPrecise), ("x", .notANumber), ("", .notANumber),
            (".", .notANumber), ("1.2.3", .notANumber), ("1/0", .notANumber), ("1e99", .notANumber),
            ("99999999999999", .notANumber), ("1e-10", .tooPrecise),
        ])
    func processorFailures(_ text: String, _ failure: CPUAmount.Failure) {
        #expect(throws: failure) { try CPUAmount.nanos(text) }
    }

    @Test(
        "commands are split as docker splits them",
        arguments: [
            ("a b", ["a", "b"]), ("  a\t b\n", ["a", "b"]), ("a 'b c' \"d e\"", ["a", "b c", "d e"]), ("", []),
            ("a \"\"", ["a", ""]), (#"a\ b"#, ["a b"]), (#""a\"b""#, [#"a"b"#]), (#"'a\b'"#, [#"a\b"#]),
            ("a # b", ["a"]), ("a#b", ["a#b"]), ("# all", []), ("a #x\nb", ["a", "b"]), ("a'b'c", ["abc"]),
            (#""\$x""#, ["$x"]),
        ] as [(String, [String])])
    func words(_ text: String, _ words: [String]) throws {
        #expect(try ShellWords.split(text) == words)
    }

    @Test("commands with an open quote or a lone backslash are refused", arguments: ["a 'b", "a \"b", "a\\", "\"a\\"])
    func openWords(_ text: String) {
        #expect(throws: ShellWords.Failure.self) { try ShellWords.split(text) }
    }

    @Test(
        "ports expand to what docker publishes",
        arguments: [
            ("80", [[80, 0]]), ("8080:80", [[80, 8080]]), (":80", [[80, 0]]), ("80/", [[80, 0]]),
            ("1-3", [[1, 0], [2, 0], [3, 0]]),
            ("10-11:1-2", [[1, 10], [2, 11]]), ("10-12:1", [[1, 10], [1, 11], [1, 12]]), ("127.0.0.1:1:2", [[2, 1]]),
            ("[::1]:1:2", [[2, 1]]), ("::1:1:2", [[2, 1]]), ("127.0.0.1::2", [[2, 0]]),
        ] as [(String, [[UInt32]])])
    func ports(_ text: String, _ mappings: [[UInt32]]) throws {
        #expect(try PortSpec.parse(text).mappings.map { [$0.target, $0.published] } == mappings)
    }

    @Test(
        "ports that make no sense are refused",
        arguments: [
            "", "x", "99999:80", "80/foo", "90-80", "1-3:1-2", "host:80:80", "1.2.3:80:80", "-1", "80-", "8 0", "+80",
            "80:",
        ])
    func badPorts(_ text: String) {
        #expect(throws: PortSpec.Failure.self) { try PortSpec.parse(text) }
    }

    @Test(
        "short mounts are docker's",
        arguments: [
            ("/a", VolumeSpec(type: "volume", target: "/a")),
            ("v:/a", VolumeSpec(type: "volume", target: "v:/a")),
            ("vol:/a", VolumeSpec(type: "volume", source: "vol", target: "/a")),
            (
                "vol:/a:ro,nocopy",
                VolumeSpec(type: "volume", source: "vol", target: "/a", isReadOnly: true, noCopy: true)
            ),
            ("./x:/a:rslave", VolumeSpec(type: "bind", source: "./x", target: "/a", propagation: "rslave")),
            ("~/x:/a:z", VolumeSpec(type: "bind", source: "~/x", target: "/a", ignoredOptions: ["z"])),
            ("C:\\x:/a", VolumeSpec(type: "bind", source: "C:\\x", target: "/a")),
            ("/x:/a:ro:rw", nil), (":/a", nil), ("xx::/a", nil), ("", nil),
        ] as [(String, VolumeSpec?)])
    func mounts(_ text: String, _ spec: VolumeSpec?) {
        #expect((try? VolumeSpec.parse(text)) == spec)
    }

    @Test(
        "images are named as docker's client names them",
        arguments: [
            ("nginx", "nginx:latest"), ("nginx:1", "nginx:1"), ("docker.io/library/nginx", "nginx:latest"),
            ("docker.io/a/b", "a/b:latest"), ("index.docker.io/library/x:1", "x:1"),
            ("r:5000/a/b", "r:5000/a/b:latest"),
            ("localhost/a", "localhost/a:latest"), ("a/b-c__d.e:T_1", "a/b-c__d.e:T_1"), ("ghcr.io/A", nil),
            ("Nginx", nil), ("a:1:2", nil), ("a___b", nil), ("-a", nil), ("a/", nil), ("", nil), ("a:", nil),
            ("a b", nil),
            ("a@sha256:abc", nil),
            (
                "a:1@sha256:0f1a5b9a1b4a7a2e8a3c9f8ce6d0d3c1a2b3c4d5e6f708192a3b4c5d6e7f8091",
                "a:1@sha256:0f1a5b9a1b4a7a2e8a3c9f8ce6d0d3c1a2b3c4d5e6f708192a3b4c5d6e7f8091"
            ),
            (
                "a@sha256:0f1a5b9a1b4a7a2e8a3c9f8ce6d0d3c1a2b3c4d5e6f708192a3b4c5d6e7f8091",
                "a@sha256:0f1a5b9a1b4a7a2e8a3c9f8ce6d0d3c1a2b3c4d5e6f708192a3b4c5d6e7f8091"
            ),
        ] as [(String, String?)])
    func images(_ text: String, _ familiar: String?) {
        #expect(ImageReference(text)?.tagged.description == familiar)
    }

    @Test("env files are literal but for blanks before names, comments and names without a value")
    func envFile() throws {
        let text = "\u{FEFF}A=1\r\n# c\n\n  B= x \nC\nD\nE=\"q\" # n\nA=2"
        let variables = try EnvFile.parse(Array(text.utf8), environment: ["C": "caller"])
        #expect(variables.map { "\($0.name)=\($0.value)" } == ["A=1", "B= x ", "C=caller", "E=\"q\" # n", "A=2"])
    }

    @Test("a bad line of an env file is named by its number, its text may be a secret")
    func badEnvFile() {
        #expect(throws: EnvFile.Failure(message: "no variable name on line 2")) {
            try EnvFile.parse(Array("A=1\n=secret\n".utf8), environment: [:])
        }
        #expect(throws: EnvFile.Failure(message: "variable name on line 1 contains whitespaces")) {
            try EnvFile.parse(Array("A B=secret\n".utf8), environment: [:])
        }
        #expect(throws: EnvFile.Failure.self) { try EnvFile.parse([0x41, 0x3D, 0xFF], environment: [:]) }
    }

    @Test(
        "restart policies of single containers become those of a Swarm",
        arguments: [
            ("no", .never), ("always", .always(maxAttempts: nil)), ("unless-stopped", .always(maxAttempts: nil)),
            ("on-failure", .onFailure(maxAttempts: nil)), ("on-failure:3", .onFailure(maxAttempts: 3)),
            ("on-failure:0", .onFailure(maxAttempts: nil)), ("", nil),
        ] as [(String, RestartSpec?)])
    func restarts(_ text: String, _ spec: RestartSpec?) throws {
        #expect(try RestartSpec.parse(text) == spec)
    }

    @Test("unknown restart policies are refused", arguments: ["maybe", "on-failure:x", "on-failure:-1", ":3"])
    func badRestarts(_ text: String) {
        #expect(throws: RestartSpec.Failure.self) { try RestartSpec.parse(text) }
    }

    @Test(
        "paths are cleaned without asking the disk",
        arguments: [
            ("./a", "/d/a"), ("../a", "/a"), ("../../a", "/a"), ("a//b/./c", "/d/a/b/c"), ("/x/../y", "/x/../y"),
            (".", "/d"),
        ])
    func paths(_ path: String, _ absolute: String) {
        #expect(FilePath.absolute(path, from: "/d") == absolute)
    }

    @Test("a stack's name must be fit for the names of its services", arguments: ["", "-a", "a_", "a.b", "a b", "ä"])
    func badStackNames(_ name: String) {
        #expect(StackName.problem(name) != nil)
    }

    @Test(
        "a stack may be named by a word or a UUID", arguments: ["a", "shop-2", "6f1c0a3e-9d1b-4c55-9a5e-0b3e3c2d1f00"])
    func goodStackNames(_ name: String) {
        #expect(StackName.problem(name) == nil)
    }

    @Test("capabilities are normalised, ALL stands for all, what is added is not dropped")
    func capabilities() {
        let effective = Capabilities.effective(
            add: ["net_admin", " CAP_SYS_TIME", "NET_ADMIN"], drop: ["ALL", "chown"])
        #expect(effective.add == ["CAP_NET_ADMIN", "CAP_SYS_TIME"] && effective.drop == ["ALL"])
        let added = Capabilities.effective(add: ["chown"], drop: ["CHOWN"])
        #expect(added.add == ["CAP_CHOWN"] && added.drop == nil)
    }
}
