import Foundation
import RemoteHosts
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Real sshd in hosts of Lab/, entered by the machine's own OpenSSH client.
@Suite("Hosts over SSH", .serialized, .timeLimit(.minutes(5)))
struct RemoteConnectionLabTests {
    @Test(
        "Commands, files, limits and secrets work over one connection, as root and as a user with sudo",
        arguments: ["root", "debian"])
    func commands(user: String) async throws {
        try await HostTrial.run(["rc50"]) { trial in
            try await RemoteHost.with(try await trial.login("rc50", user: user)) { host in
                let who = try await host.succeed(RemoteCommand("id -un; echo $SUDO_USER", asRoot: true))
                #expect(who.outputText.hasPrefix("root\n"))
                #expect(try await host.run(RemoteCommand("id -un")).outputText == user + "\n")
                #expect(
                    try await host.run(RemoteCommand("cat; echo late >&2; exit 255", input: Array("a\0b".utf8)))
                        == RemoteResult(status: 254, output: Array("a\0b".utf8), error: Array("late\n".utf8)))
                try await files(host)
                try await limits(host)
                try await lines(host)
                // One login for all of it.
                let logins = try await host.succeed(
                    RemoteCommand("ss -Htn state established '( sport = :22 )' | wc -l", asRoot: true))
                #expect(logins.outputText.trimmingCharacters(in: .whitespacesAndNewlines) == "1")
            }
        }
    }

    private func files(_ host: RemoteHost) async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = "/root/it's a \"file\""
        try await host.upload(bytes, to: path, mode: 0o640, owner: "root:daemon")
        #expect(try await host.download(path, limit: 4_000_000) == bytes)
        let state = try await host.succeed(
            RemoteCommand("stat -c %a:%U:%G \(ShellWord.quoted(path)); ls -A /root | grep -c it.s", asRoot: true))
        #expect(state.outputText == "640:root:daemon\n1\n")
        let missing = await #expect(throws: RemoteHostError.self) { try await host.upload([1], to: "/nowhere/x") }
        #expect(missing?.code == .commandFailed(status: 1))
        let large = await #expect(throws: RemoteHostError.self) { _ = try await host.download(path, limit: 1000) }
        #expect(large?.code == .tooMuchOutput)
    }

    private func limits(_ host: RemoteHost) async throws {
        let late = await #expect(throws: RemoteHostError.self) {
            try await host.run(RemoteCommand("sleep 100", timeLimit: .milliseconds(300)))
        }
        #expect(late?.code == .timedOut)
        let failed = await #expect(throws: RemoteHostError.self) {
            try await host.succeed(RemoteCommand("echo the cause >&2; exit 7"))
        }
        #expect(failed?.code == .commandFailed(status: 7))
        #expect(failed?.message.contains("the cause") == true)
        let task = Task { try await host.run(RemoteCommand("sleep 100")) }
        task.cancel()
        let cancelled = await #expect(throws: RemoteHostError.self) { _ = try await task.value }
        #expect(cancelled?.code == .cancelled)
    }

    private func lines(_ host: RemoteHost) async throws {
        let (stream, continuation) = AsyncStream<String>.makeStream()
        let result = try await host.stream(RemoteCommand("seq 3; printf end")) { continuation.yield($0) }
        continuation.finish()
        #expect(result.status == 0)
        #expect(await stream.reduce(into: []) { $0.append($1) } == ["1", "2", "3", "end"])
    }

    @Test("Wrong key, wrong user, wrong port, host down, unknown and changed host key: each is told apart")
    func refusals() async throws {
        try await HostTrial.run(["rc51"]) { trial in
            try await TemporaryDirectory.run { folder in
                let stranger = try await Self.makeKey(folder.file("stranger"))
                #expect(
                    try await trial.refusal(try await trial.login("rc51", authentication: stranger))
                        == .permissionDenied)
                #expect(try await trial.refusal(try await trial.login("rc51", user: "nobody")) == .permissionDenied)
                let broken = HostAuthentication.key(Redacted("no key at all"))
                #expect(try await trial.refusal(try await trial.login("rc51", authentication: broken)) == .keyUnusable)
            }
            let address = try trial.lab.address("rc51")
            let shut = try HostLogin(
                address: try HostAddress(address, port: 2200), trust: .firstContact,
                authentication: try trial.sealedKey())
            #expect(try await trial.refusal(shut) == .refused)

            let first = try await RemoteHost.with(try await trial.login("rc51", trust: .firstContact)) { host in
                try await host.connect()
                return host.hostKeys()
            }
            #expect(first == [try await trial.key("rc51")])
            try await trial.console(
                "rc51",
                "rm /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key; systemctl restart ssh"
            )
            try await until("sshd answers") {
                try await trial.refusal(try await trial.login("rc51", trust: .firstContact)) == nil
            }
            #expect(try await trial.refusal(try await trial.login("rc51", trust: .known(first))) == .hostKeyChanged)
            #expect(try await trial.refusal(try await trial.login("rc51", trust: .known([]))) == .hostKeyUnknown)
            try await trial.lab.command("lab", "kill", "rc51")
            let code = try await trial.refusal(shut)
            #expect([.noRoute, .connectTimedOut].contains(code))
        }
    }

    @Test("A user without sudo, and one whom sudo asks for a password, are told so; both may still run as themselves")
    func noSudo() async throws {
        try await HostTrial.run(["rc52"]) { trial in
            try await trial.console("rc52", "echo 'debian ALL=(ALL) ALL' >/etc/sudoers.d/90-lab")
            try await RemoteHost.with(try await trial.login("rc52", user: "debian")) { host in
                #expect(try await host.run(RemoteCommand("id -un")).outputText == "debian\n")
                let asked = await #expect(throws: RemoteHostError.self) {
                    try await host.run(RemoteCommand("true", asRoot: true))
                }
                #expect(asked?.code == .sudoRefused)
                #expect(asked?.message.contains("password") == true)
                try await trial.console("rc52", "mv /usr/bin/sudo /usr/bin/sudo.away")
                let none = await #expect(throws: RemoteHostError.self) {
                    try await host.run(RemoteCommand("true", asRoot: true))
                }
                #expect(none?.message.contains("there is no sudo") == true)
            }
        }
    }

    @Test("A key with a passphrase works with the right one only, by a file of the user's and as a sealed one")
    func passphrase() async throws {
        try await HostTrial.run(["rc53"]) { trial in
            try await TemporaryDirectory.run { folder in
                let path = folder.file("locked")
                _ = try await Self.makeKey(path, passphrase: "open it's me")
                let line = try String(contentsOfFile: path + ".pub", encoding: .utf8)
                try await trial.console("rc53", "echo \(ShellWord.quoted(line)) >>/root/.ssh/authorized_keys")
                let text = Redacted(try String(contentsOfFile: path, encoding: .utf8))
                let right = Redacted("open it's me")
                for way in [HostAuthentication.key(text, passphrase: right), .file(path, passphrase: right)] {
                    #expect(try await trial.refusal(try await trial.login("rc53", authentication: way)) == nil)
                }
                let wrong = HostAuthentication.key(text, passphrase: Redacted("sesame"))
                #expect(
                    try await trial.refusal(try await trial.login("rc53", authentication: wrong)) == .permissionDenied)
            }
        }
    }

    @Test("A host is reached through a jump host, and each of the two has its own pinned key")
    func jump() async throws {
        try await HostTrial.run(["rc54", "rc55"]) { trial in
            let gate = try HostLogin.Jump(
                address: try HostAddress(try trial.lab.address("rc54")), user: "debian", trust: .firstContact)
            let login = try await trial.login("rc55", jump: gate)
            try await RemoteHost.with(login) { host in
                let came = try await host.succeed(RemoteCommand("echo ${SSH_CLIENT%% *}; hostname"))
                #expect(came.outputText == "\(try trial.lab.address("rc54"))\nrc55\n")
                #expect(host.jumpHostKeys() == [try await trial.key("rc54")])
            }
            try await trial.lab.command("lab", "kill", "rc54")
            let code = try await trial.refusal(login)
            #expect([.noRoute, .connectTimedOut].contains(code))
        }
    }

    @Test("A connection that is cut in the middle of a command is told as lost, and the next command makes a new one")
    func lost() async throws {
        try await HostTrial.run(["rc50"]) { trial in
            try await RemoteHost.with(try await trial.login("rc50")) { host in
                let (begun, continuation) = AsyncStream<String>.makeStream()
                async let long = host.stream(RemoteCommand("echo begun; sleep 100")) { continuation.yield($0) }
                for await line in begun where line == "begun" { break }
                try await trial.console("rc50", "pkill -KILL -f '[s]shd: root'")
                do {
                    _ = try await long
                    Issue.record("the command did not notice")
                } catch let error as RemoteHostError {
                    #expect(error.code == .connectionLost)
                    #expect(error.mayPass)
                }
                #expect(try await host.succeed(RemoteCommand("echo again")).outputText == "again\n")
            }
        }
    }

    private static func makeKey(_ path: String, passphrase: String = "") async throws -> HostAuthentication {
        let made = try await Program.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", path])
        guard made.status == 0 else { throw RoadsteadError(.internal, made.transcript) }
        return .file(path, passphrase: nil)
    }
}
