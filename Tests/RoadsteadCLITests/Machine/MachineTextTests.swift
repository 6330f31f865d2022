import Foundation
import RemoteHosts
import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct MachineTextTests {
    private let running = document(
        """
        {"id":"machine/1","name":"prod-1","parent":"cluster/1","role":"manager","state":"RUNNING","driver":"generic",
         "address":"10.0.0.1","engine-version":"20.10.24","labels":{"disk":"ssd"}}
        """)
    private let lost = document(
        #"{"id":"machine/2","name":"prod-2","parent":"cluster/1","role":"worker","state":"LOST","address":"fd00::2"}"#)
    private let clusters = ["cluster/1": "prod"]

    @Test("a listing has docker-machine's fields and words")
    func fields() {
        let url = "tcp://10.0.0.1:2376"
        #expect(
            MachineList.fields(running, clusters, ["DOCKER_HOST": url]) == [
                "Name": "prod-1", "Active": "*", "DriverName": "generic", "State": "Running", "URL": url,
                "Swarm": "prod (manager)", "DockerVersion": "v20.10.24", "Error": "",
            ])
        let fields = MachineList.fields(lost, clusters, ["DOCKER_HOST": url])
        #expect(fields["Active"] == "-" && fields["State"] == "Error" && fields["URL"] == "")
        #expect(fields["Swarm"] == "prod" && fields["Error"] == "it does not answer")
        #expect(EngineAccess.dockerHost(address: "fd00::2") == "tcp://[fd00::2]:2376")
    }

    @Test("filters of one key are alternatives, of several keys all must hold")
    func filters() throws {
        func names(_ filters: String...) throws -> [String] {
            let filters = try filters.map { try #require(MachineFilter(argument: $0)) }
            return [running, lost].filter { MachineFilter.allows(filters, $0, clusters: clusters) }.map(\.title)
        }
        #expect(try names() == ["prod-1", "prod-2"])
        #expect(try names("state=running") == ["prod-1"])
        #expect(try names("state=Running", "state=Error") == ["prod-1", "prod-2"])
        #expect(try names("swarm=prod", "name=prod-2") == ["prod-2"])
        #expect(try names("label=disk=ssd") == ["prod-1"])
        #expect(try names("label=disk") == ["prod-1"])
        #expect(try names("driver=exoscale") == [])
        #expect(MachineFilter(argument: "zone=a") == nil && MachineFilter(argument: "state") == nil)
    }

    @Test("fields in docker's spelling")
    func templates() throws {
        let template = try #require(FieldTemplate(argument: "{{.Name}}: {{ .URL }}{{.None}}"))
        #expect(template.text(["Name": "a", "URL": "u"]) == "a: u<no value>")
        let nested = try #require(FieldTemplate(argument: "{{json .labels}} {{.labels.disk}}"))
        #expect(nested.text(.object(running)) == #"{"disk":"ssd"} ssd"#)
        for wrong in ["{{range .}}", "{{.Name", "{{}}", "{{Name}}"] { #expect(FieldTemplate(argument: wrong) == nil) }
    }

    @Test("each shell gets its own way to set and to forget a variable")
    func shells() {
        let value = #"/a b/$x"y"#
        #expect(ShellSyntax.bash.set("A", value) == #"export A="/a b/\$x\"y""#)
        #expect(ShellSyntax.fish.set("A", "1") == #"set -gx A "1";"#)
        #expect(ShellSyntax.cmd.set("A", "1") == "SET A=1")
        #expect(ShellSyntax.powershell.set("A", "$1") == #"$Env:A = "`$1""#)
        #expect(ShellSyntax.bash.unset("A") == "unset A" && ShellSyntax.fish.unset("A") == "set -e A;")
        #expect(ShellSyntax.make(["SHELL": "/usr/bin/fish"]) == .fish)
        #expect(ShellSyntax.make(["SHELL": "/opt/nu"]) == .bash && ShellSyntax.make([:]) == .bash)
    }

    @Test("docker's variables of a machine, the proxy's exceptions kept")
    func variables() {
        let made = MachineVariables.make(MachineView(machine: running), folder: "/e", noProxy: "localhost,10.0.0.1")
        #expect(made.map(\.name) == MachineVariables.names(noProxy: true))
        #expect(made.map(\.value) == ["1", "tcp://10.0.0.1:2376", "/e", "prod-1", "localhost,10.0.0.1"])
    }

    @Test(
        "places to copy from and to",
        arguments: [
            ("prod-1:/etc", "prod-1", "/etc"), ("prod-1:", "prod-1", ""), ("./a:b", nil, "./a:b"),
            ("/a:b", nil, "/a:b"),
            ("a", nil, "a"), ("localhost:a:b", nil, "./a:b"), (":a", nil, "./:a"),
        ] as [(String, String?, String)])
    func places(_ text: String, _ machine: String?, _ path: String) throws {
        let place = try #require(CopyPlace(argument: text))
        #expect(place.machine == machine)
        #expect((machine == nil ? place.localPath : place.path) == path)
    }

    @Test("a machine is entered by the host key that the server knows, and not without one")
    func access() throws {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBkYp2J1b0m2xk8m3r4"
        var answer: JSONObject = [
            "address": "10.0.0.1", "port": 2222, "user": "debian", "host-keys": [.string(key)],
            "jump": ["address": "10.0.0.9", "user": "jumper"],
        ]
        let host = try MachineAccess.host("prod-1", answer, .agent(socket: "/agent"))
        #expect(host.login.address.description == "10.0.0.1:2222" && host.login.user == "debian")
        #expect(host.login.trust == .known([try #require(HostKey(key))]))
        #expect(host.login.jump?.address.description == "10.0.0.9:22" && host.login.jump?.trust == .firstContact)
        answer["host-keys"] = []
        #expect(code { _ = try MachineAccess.host("prod-1", answer, .agent(socket: "/agent")) } == .invalidState)
    }

    @Test("the key is the one that was named, then the server's, then what lies here")
    func keys() {
        func word(_ identity: String?, _ answer: JSONObject, _ credential: JSONObject?, _ variables: [String: String])
            -> String
        {
            let key = MachineAccess.key(
                identity: identity, answer: answer, credential: credential, environment: variables)
            return switch key {
            case .file(let path, _): path
            case .key(let text, let passphrase): text.exposed + (passphrase?.exposed ?? "")
            case .agent(let socket): socket
            case nil: "none"
            }
        }
        let variables = ["SSH_KEY": "/here", "SSH_AUTH_SOCK": "/agent"]
        let kept: JSONObject = ["private-key": "C", "passphrase": "P"]
        #expect(word("/named", ["private-key": "A"], kept, variables) == "/named")
        #expect(word(nil, ["private-key": "A"], kept, variables) == "A")
        #expect(word(nil, [:], kept, variables) == "CP")
        #expect(word(nil, [:], nil, variables) == "/here")
        #expect(word(nil, [:], [:], ["SSH_AUTH_SOCK": "/agent"]) == "/agent")
        #expect(word(nil, [:], nil, [:]) == "none")
    }

    @Test("a program at the terminal ends us with its own status")
    func programs() async throws {
        #expect(try await TerminalProgram.run(["sh", "-c", "exit 7"]).code == 7)
        #expect(try await TerminalProgram.run(["sh", "-c", "kill -9 $$"]).code == 137)
        #expect(try await TerminalProgram.run(["sh", "-c", "test \"$A\" = b"], environment: ["A": "b"]).code == 0)
        #expect(try await TerminalProgram.run(["sh", "-c", "kill $$; exit 0"]).code == 143)
        // In our own group: a group of its own may not read from the terminal.
        let group = "test $(ps -o pgid= -p $$) = \(getpgrp())"
        #expect(try await TerminalProgram.run(["sh", "-c", group]).code == 0)
        await #expect { try await TerminalProgram.run(["no-such-program"]) } throws: {
            ($0 as? RoadsteadError)?.message == "cannot run no-such-program: it is not installed here"
        }
    }
}
