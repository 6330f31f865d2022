import Foundation
import RoadsteadBasics
import Testing

@testable import RemoteHosts

@Suite("Files for ssh and scp at a terminal")
struct SSHClientFolderTests {
    private let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBkYp2J1b0m2xk8m3r4"

    private func host(
        _ name: String, passphrase: String? = nil, jump: HostLogin.Jump? = nil
    ) throws -> SSHClientFolder.Host {
        SSHClientFolder.Host(
            name,
            try HostLogin(
                address: try HostAddress("10.0.0.9", port: 2222), user: "debian",
                trust: .known([try #require(HostKey(key))]),
                authentication: .key(Redacted("PRIVATE"), passphrase: passphrase.map { Redacted($0) }), jump: jump))
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("everything is in a folder of mode 0700, secrets in files of 0600, and goes with it")
    func modes() throws {
        let folder = try SSHClientFolder([try host("prod-1", passphrase: "SESAME")])
        #expect(try mode(folder.path) == 0o700)
        for name in ["key-0", "key-0.pass", "config", "known_hosts"] {
            #expect(try mode(folder.path + "/" + name) == 0o600, "\(name)")
        }
        let words = folder.ssh("prod-1", hasTerminal: false, command: ["id"]) + folder.scp([], ["a", "prod-1:b"])
        let variables = folder.environment.map { "\($0.key)=\($0.value)" }
        #expect((words + variables).allSatisfy { !$0.contains("PRIVATE") && !$0.contains("SESAME") })
        folder.remove()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("OpenSSH reads the configuration: known keys only, none of the user's own, and the way through a jump host")
    func configuration() throws {
        let jump = try HostLogin.Jump(address: try HostAddress("10.0.0.1"), user: "jumper", trust: .firstContact)
        let folder = try SSHClientFolder([try host("prod-1"), try host("prod-2", jump: jump)])
        defer { folder.remove() }
        func options(_ name: String) throws -> [String] {
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["ssh", "-G", "-F", folder.path + "/config", name]
            process.standardOutput = output
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        let first = try options("prod-1")
        for line in [
            "hostname 10.0.0.9", "port 2222", "user debian", "hostkeyalias prod-1", "stricthostkeychecking true",
            "identityfile \(folder.path)/key-0", "identitiesonly yes", "forwardagent no",
            "userknownhostsfile \(folder.path)/known_hosts",
        ] { #expect(first.contains(line), "\(line)") }
        #expect(try options("prod-2").contains("proxyjump prod-2..jump"))
        let through = try options("prod-2..jump")
        #expect(through.contains("hostname 10.0.0.1") && through.contains("user jumper"))
        let known = try String(contentsOfFile: folder.path + "/known_hosts", encoding: .utf8)
        #expect(known == "prod-1 \(key)\nprod-2 \(key)\n")
    }

    @Test("what follows the host is the command, whatever it looks like")
    func commands() throws {
        let folder = try SSHClientFolder([try host("prod-1")])
        defer { folder.remove() }
        let config = folder.path + "/config"
        #expect(
            folder.ssh("prod-1", hasTerminal: true, command: ["-v", "x"])
                == ["ssh", "-F", config, "-t", "--", "prod-1", "-v", "x"])
        #expect(folder.scp(["-r"], ["-x", "prod-1:y"]) == ["scp", "-F", config, "-r", "--", "-x", "prod-1:y"])
    }

    @Test("names that ssh could take for patterns, options or users are refused", arguments: ["*", "-o", "a b", "u@h"])
    func names(_ name: String) {
        #expect(throws: RemoteHostError.self) { try SSHClientFolder([try host(name)]) }
    }
}
