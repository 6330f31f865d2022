import ArgumentParser
import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadCLI

@Suite struct ClusterDocumentTests {
    private func flags(_ arguments: String...) throws -> JSONObject { try ClusterFlags.parse(arguments).members }

    @Test("flags and a file make the same document")
    func same() throws {
        let file = try YAMLDocument.read(
            """
            name: prod
            driver: exoscale
            region: ch-gva-2
            zones: [a, b]
            size: medium
            disk: 80
            image: debian-13
            managers: 3
            workers: 2
            engine: {version: "26.1"}
            autolock: true
            ports: [80/tcp, 443/tcp]
            """, path: "cluster.yaml")
        let made = try ClusterDocument.make(
            name: "prod",
            flags: try flags(
                "--driver", "exoscale", "--region", "ch-gva-2", "--zone", "a", "--zone", "b", "--size", "medium",
                "--disk", "80", "--image", "debian-13", "--managers", "3", "--workers", "2", "--engine-version",
                "26.1", "--autolock", "--open", "80/tcp,443/tcp"))
        #expect(JSONValue.object(made) == file)
        let both = try ClusterDocument.make(name: nil, file: file.objectValue)
        #expect(try ClusterDocument.specification(both) == (try ClusterDocument.specification(made)))
    }

    @Test("hosts that exist imply their driver")
    func hosts() throws {
        let made = try ClusterDocument.make(
            name: "lab",
            flags: try flags(
                "--managers", "1", "--host", "debian@10.0.0.1", "--host", "10.0.0.2:2222=worker", "--host",
                "[fd00::3]:22"))
        let specification = try ClusterDocument.specification(made)
        #expect(specification.isGeneric && specification.managers == 1 && specification.workers == 2)
        #expect(specification.hosts.map(\.key) == ["10.0.0.1:22", "10.0.0.2:2222", "[fd00::3]:22"])
        #expect(specification.hosts.map(\.user) == ["debian", "root", "root"])
        #expect(specification.hosts.map(\.role) == [.manager, .worker, .worker])
    }

    @Test(
        "hosts on the command line",
        arguments: [
            ("10.0.0.1", #"{"address":"10.0.0.1"}"#), ("h:2222", #"{"address":"h","port":2222}"#),
            ("u@h=manager", #"{"address":"h","user":"u","role":"manager"}"#),
            ("u@[fd00::1]:22=worker", #"{"address":"fd00::1","port":22,"user":"u","role":"worker"}"#),
            ("fd00::1", #"{"address":"fd00::1"}"#), ("[fd00::1]", #"{"address":"fd00::1"}"#), ("h=boss", nil),
            ("@h", nil), ("h:0", nil), ("h:x", nil), ("[fd00::1]x", nil), ("", nil), (":22", nil),
        ] as [(String, String?)])
    func hostArguments(_ text: String, _ json: String?) {
        #expect(HostArgument(argument: text)?.json == json.map { document($0) })
    }

    @Test("a flag for a number of nodes takes the place of those in the file that would contradict it")
    func counts() throws {
        let file: JSONObject = ["name": "prod", "driver": "exoscale", "managers": 3, "workers": 2]
        func nodes(_ arguments: String...) throws -> [Int] {
            let made = try ClusterDocument.make(name: nil, file: file, flags: ClusterFlags.parse(arguments).members)
            let specification = try ClusterDocument.specification(made)
            return [specification.managers, specification.workers]
        }
        #expect(try nodes("--workers", "5") == [3, 5])
        #expect(try nodes("--nodes", "4") == [1, 3])
        #expect(try nodes("--managers", "1") == [1, 2])
        #expect(try nodes("--nodes", "6", "--managers", "5") == [5, 1])
    }

    @Test("without a flag or a file the variables of the clouds' tools say driver and region")
    func environment() throws {
        let exoscale = [
            "EXOSCALE_API_KEY": "EXO1", "EXOSCALE_API_SECRET": "s", "EXOSCALE_REGION": "ch-dk-2", "SSH_KEY": "/k",
        ]
        let amazon = ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "eu-west-1"]
        let made = try ClusterDocument.make(name: "prod", environment: exoscale)
        #expect(made.text("driver") == "exoscale" && made.text("region") == "ch-dk-2")
        #expect(try ClusterDocument.make(name: "prod", environment: amazon).text("region") == "eu-west-1")
        let said = try ClusterDocument.make(
            name: "prod", flags: ["driver": "amazonec2", "region": "r"], environment: amazon)
        #expect(said.text("region") == "r")
        let both = message { _ = try ClusterDocument.make(name: "p", environment: exoscale.merging(amazon) { $1 }) }
        #expect(both.contains("--driver exoscale or --driver amazonec2"))
        // Half of an account is none.
        #expect(
            code { _ = try ClusterDocument.make(name: "p", environment: ["AWS_ACCESS_KEY_ID": "AK"]) } == .invalidInput)
        let hosts = try ClusterDocument.make(name: "p", flags: ["hosts": []], environment: exoscale)
        #expect(hosts.text("driver") == "generic" && hosts["region"] == nil)
    }

    @Test("what a credential is made from holds the account whole, and no secret shows itself")
    func accounts() async throws {
        let environment = [
            "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "hush-hush", "AWS_SESSION_TOKEN": "t",
        ]
        let account = try #require(CloudAccount.all(environment).first)
        #expect(
            account.template == [
                "href": "credential-template/infrastructure-service-amazonec2", "amazonec2-access-key": "AK",
                "amazonec2-secret-key": "hush-hush", "amazonec2-session-token": "t",
            ])
        let choice = try await ClusterCredential.choose(
            ClusterCredential.Flags(), for: ["driver": "amazonec2"], environment)
        #expect(choice.line?.contains("temporary") == true)
        #expect(!String(describing: choice).contains("hush-hush"))
    }

    @Test("a driver that needs a key and has none is told how to give one")
    func missing() async {
        for (driver, word) in [
            ("generic", "--ssh-key"), ("exoscale", "EXOSCALE_API_KEY"), ("amazonec2", "--credential"),
        ] {
            await #expect {
                _ = try await ClusterCredential.choose(
                    ClusterCredential.Flags(), for: ["driver": .string(driver)], [:])
            } throws: { ($0 as? RoadsteadError)?.message.contains(word) == true }
        }
    }

    @Test("an even number of managers is refused with its place and a reason")
    func evenManagers() {
        let said = message {
            _ = try ClusterDocument.specification(["name": "p", "driver": "exoscale", "managers": 2])
        }
        #expect(said.contains("managers would make 2 managers: use 1, 3 or 5"))
    }

    @Test("texts stay texts, numbers are numbers, JSON is YAML too, and what is neither is told with its line")
    func yaml() throws {
        let read = try YAMLDocument.read(
            "a: no\nb: 22:22\nc: 7\nd: \"7\"\ne: 26.1\nf: [true, ~]\ng: -x", path: "f")
        #expect(read == ["a": "no", "b": "22:22", "c": 7, "d": "7", "e": 26.1, "f": [true, nil], "g": "-x"])
        #expect(try YAMLDocument.read(#"{"a": [1, {"b": null}]}"#, path: "f") == ["a": [1, ["b": nil]]])
        #expect(
            message { _ = try YAMLDocument.read("a: b: c", path: "cluster.yaml") }.contains(
                "cluster.yaml is not YAML: line 1"))
        #expect(message { _ = try YAMLDocument.read("a: 1\na: 2", path: "f") }.contains("twice"))
    }
}
