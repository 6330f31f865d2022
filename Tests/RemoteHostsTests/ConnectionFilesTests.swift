import Foundation
import RoadsteadBasics
import Testing

@testable import RemoteHosts

@Suite("Files of a connection")
struct ConnectionFilesTests {
    private let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBkYp2J1b0m2xk8m3r4"

    @Test("Host keys are read from public keys, consoles and known_hosts, and nothing else is")
    func hostKeys() throws {
        let plain = try #require(HostKey(key))
        #expect(HostKey(key + " root@h1") == plain)
        #expect(HostKey("h1,10.0.0.9 " + key) == plain)
        #expect(plain.description == key)
        for text in [
            "", "ssh-ed25519", "ssh-dss AAAAB3NzaC1kc3MAAACB", "@revoked h1 \(key)", "# \(key)", "ssh-ed25519 A\"B",
        ] {
            #expect(HostKey(text) == nil, "\(text)")
        }
    }

    @Test("Addresses and users that could be read as options or other words are refused")
    func refusals() throws {
        for host in ["", "-oProxyCommand=x", "a b", "h\n", "%h", "a;b", "\"h\""] {
            #expect(throws: RemoteHostError.self, "\(host)") { try HostAddress(host) }
        }
        #expect(throws: RemoteHostError.self) { try HostAddress("h", port: 0) }
        for user in ["", "-l", "a b", "u\n", "%u"] {
            #expect(throws: RemoteHostError.self, "\(user)") {
                try HostLogin(
                    address: try HostAddress("h"), user: user, trust: .firstContact,
                    authentication: .agent(socket: "/s"))
            }
        }
        #expect(try HostAddress("fd00::9").description == "[fd00::9]:22")
    }

    @Test("Known keys are required and asked for by their kind; a first contact is taken and kept")
    func trust() throws {
        let known = try HostLogin.sample(trust: .known([try #require(HostKey(key))]))
        let text = SSHConfiguration.text(known, folder: "/f")
        #expect(text.contains("StrictHostKeyChecking yes"))
        #expect(text.contains("HostKeyAlgorithms ssh-ed25519\n"))
        #expect(SSHConfiguration.knownHosts(known) == "target \(key)\n")
        let first = SSHConfiguration.text(try .sample(), folder: "/f")
        #expect(first.contains("StrictHostKeyChecking accept-new"))
        #expect(!first.contains("HostKeyAlgorithms"))
    }

    @Test("Private keys and passphrases are in files of mode 0600, in a folder of mode 0700 that is removed")
    func secrets() throws {
        let login = try HostLogin.sample(authentication: .key(Redacted("PRIVATE"), passphrase: Redacted("SESAME")))
        let folder = try ConnectionFolder(login)
        defer { folder.remove() }
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(folder.path) == 0o700)
        for name in ["config", "known_hosts", "key", "key.pass"] {
            #expect(try mode(folder.path + "/" + name) == 0o600, "\(name)")
        }
        for name in ["config", "askpass"] {
            let text = try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
            #expect(!text.contains("SESAME") && !text.contains("PRIVATE"), "\(name)")
        }
        folder.remove()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("Folders of processes that have ended are swept, those of living ones and of unknown owners are not")
    func sweeping() throws {
        let base = FileManager.default.temporaryDirectory.path + "/sweep-" + UUID().uuidString.prefix(8)
        defer { try? FileManager.default.removeItem(atPath: base) }
        let own = try #require(ProcessMark.own())
        func mark(_ change: (inout ProcessMark) -> Void) -> String {
            var mark = own
            change(&mark)
            return mark.text
        }
        let owners = [
            "living": own.text, "reused-number": mark { $0.start += "0" }, "no-such-number": mark { $0.number = "0" },
            "other-boot": mark { $0.boot = "another" },
            "other-container": mark { ($0.space, $0.number) = ("pid:[1]", "0") }, "unknown": "x",
        ]
        for (name, owner) in owners {
            let path = base + "/rsh-" + name
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try owner.write(toFile: path + "/owner", atomically: false, encoding: .utf8)
            try "PRIVATE".write(toFile: path + "/key", atomically: false, encoding: .utf8)
        }
        try FileManager.default.createDirectory(atPath: base + "/else", withIntermediateDirectories: true)
        ConnectionFolder.sweep(in: base)
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: base))
                == ["rsh-living", "rsh-other-container", "rsh-unknown", "else"])
    }

    @Test("ssh itself reads the configuration as it is meant, jump host and odd paths included")
    func realClient() throws {
        let jump = try HostLogin.Jump(
            address: try HostAddress("bastion", port: 2222), user: "gate", trust: .firstContact)
        let login = try HostLogin.sample(authentication: .file("/k/a \"b\" %d", passphrase: nil), jump: jump)
        let folder = try ConnectionFolder(login)
        defer { folder.remove() }
        let target = try effective("target", folder)
        #expect(target.isSuperset(of: ["hostname 10.0.0.9", "user debian", "proxyjump jump", "batchmode yes"]))
        #expect(target.contains { $0.hasPrefix("identityfile ") && $0.contains("a \"b\"") })
        let gate = try effective("jump", folder)
        #expect(gate.isSuperset(of: ["hostname bastion", "user gate", "port 2222"]))
        #expect(!gate.contains("proxyjump jump"))
    }

    private func effective(_ name: String, _ folder: ConnectionFolder) throws -> Set<String> {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/ssh")
        process.arguments = ["-F", folder.path + "/config", "-G", name]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return Set(String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init))
    }
}
