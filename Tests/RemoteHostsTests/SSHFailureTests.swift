import RoadsteadBasics
import Testing

@testable import RemoteHosts

@Suite("What ssh says when it fails")
struct SSHFailureTests {
    typealias Case = (text: String, code: RemoteHostError.Code, mayPass: Bool)

    /// As OpenSSH 9.2 and 10.0 write them.
    private static let logins: [Case] = [
        ("ssh: connect to host 10.0.0.9 port 22: Connection refused", .refused, true),
        ("ssh: connect to host 10.0.0.9 port 22: Connection timed out", .connectTimedOut, true),
        ("ssh: connect to host 10.0.0.9 port 22: No route to host", .noRoute, true),
        ("ssh: connect to host 10.0.0.9 port 22: Network is unreachable", .noRoute, true),
        ("ssh: Could not resolve hostname nowhere.example: Name or service not known", .nameNotFound, true),
        (
            "ssh: Could not resolve hostname nowhere.example: Temporary failure in name resolution", .nameNotFound,
            true
        ),
        ("root@10.0.0.9: Permission denied (publickey).", .permissionDenied, false),
        ("root@10.0.0.9: Permission denied (publickey,password).", .permissionDenied, false),
        (
            "Received disconnect from 10.0.0.9 port 22:2: Too many authentication failures\nDisconnected from 10.0.0.9",
            .permissionDenied, false
        ),
        (
            "Load key \"/x/key\": incorrect passphrase supplied to decrypt private key\nroot@h: Permission denied (publickey).",
            .keyUnusable, false
        ),
        ("Load key \"/x/key\": error in libcrypto\nroot@h: Permission denied (publickey).", .keyUnusable, false),
        ("Load key \"/x/key\": invalid format\nroot@h: Permission denied (publickey).", .keyUnusable, false),
        (
            """
            @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
            @    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
            @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
            IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
            Host key for target has changed and you have requested strict checking.
            Host key verification failed.
            """, .hostKeyChanged, false
        ),
        (
            "No ED25519 host key is known for target and you have requested strict checking.\nHost key verification failed.",
            .hostKeyUnknown, false
        ),
        (
            "Unable to negotiate with 10.0.0.9 port 22: no matching host key type found. Their offer: ecdsa-sha2-nistp256",
            .hostKeyUnknown, false
        ),
        ("kex_exchange_identification: Connection closed by remote host", .closedEarly, true),
        ("kex_exchange_identification: read: Connection reset by peer", .closedEarly, true),
        ("Connection timed out during banner exchange", .connectTimedOut, true),
        ("Connection closed by 10.0.0.9 port 22", .closedEarly, true),
        (
            "ssh: connect to host 10.0.0.8 port 22: Connection refused\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535",
            .refused, true
        ),
        (
            "channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535",
            .refused, true
        ),
        (
            "channel 0: open failed: administratively prohibited: open failed\nstdio forwarding failed", .noRoute, true
        ),
        ("something new", .closedEarly, true),
        ("", .closedEarly, true),
    ]

    private static let commands: [Case] = [
        ("client_loop: send disconnect: Broken pipe", .connectionLost, true),
        ("Connection to 10.0.0.9 closed by remote host.", .connectionLost, true),
        ("Timeout, server 10.0.0.9 not responding.", .connectionLost, true),
        ("mux_client_read_packet: read header failed: Broken pipe", .connectionLost, true),
        ("Shared connection to target closed.", .connectionLost, true),
        ("", .connectionLost, true),
        ("ssh: connect to host 10.0.0.9 port 22: Connection refused", .refused, true),
    ]

    @Test("Before the login each message has its code", arguments: logins)
    func login(_ row: Case) throws {
        let error = SSHFailure.error(row.text, login: try .sample(), begun: false)
        #expect(error.code == row.code)
        #expect(error.mayPass == row.mayPass)
        #expect(error.host == "10.0.0.9:22")
    }

    @Test("While a command runs the end of the connection is told as a loss", arguments: commands)
    func command(_ row: Case) throws {
        let error = SSHFailure.error(row.text, login: try .sample(), begun: true)
        #expect(error.code == row.code)
        #expect(error.mayPass == row.mayPass)
    }

    @Test(
        "sudo's refusals are told apart",
        arguments: [
            ("sudo: a password is required", "asks user 'debian' for a password"),
            ("sh: 1: sudo: not found", "there is no sudo"),
            ("debian is not in the sudoers file.", "does not let user 'debian'"),
            ("Sorry, user debian may not run sudo on h1.", "does not let user 'debian'"),
            ("sudo: unable to open /etc/sudoers: Permission denied", "look at it on the host"),
        ])
    func sudo(text: String, sentence: String) {
        #expect(SudoRefusal.sentence(text, user: "debian").contains(sentence))
    }

    @Test("Another host key is told with both fingerprints, as ssh-keygen shows them")
    func fingerprints() throws {
        let known = try #require(
            HostKey("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"))
        #expect(known.fingerprint == "SHA256:gOPgXFWkBoXrFVwpjf0SBo3P1kFs+IvH5q/vnQhNpFw")
        let text = """
            @    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
            The fingerprint for the ED25519 key sent by the remote host is
            SHA256:2DGKHNwhVpV8Zb7V6cHIZ0WY0Ok1YA0DqGFdVwz2J2o.
            Host key verification failed.
            """
        let error = SSHFailure.error(text, login: try .sample(trust: .known([known])), begun: false)
        #expect(
            error.message.contains(
                "it shows SHA256:2DGKHNwhVpV8Zb7V6cHIZ0WY0Ok1YA0DqGFdVwz2J2o, known is \(known.fingerprint ?? "")"))
    }

    @Test("The words of ssh are quoted without the end of their line, which has two characters")
    func lineEnds() throws {
        let text = "Warning: x\r\nroot@h: Permission denied (publickey).\r\n"
        let error = SSHFailure.error(text, login: try .sample(), begun: false)
        #expect(error.message.hasSuffix("(root@h: Permission denied (publickey).)"))
    }
}

extension HostLogin {
    static func sample(
        trust: HostKeyTrust = .firstContact,
        authentication: HostAuthentication = .key(Redacted("PRIVATE"), passphrase: nil), jump: Jump? = nil
    ) throws -> HostLogin {
        try HostLogin(
            address: try HostAddress("10.0.0.9"), user: "debian", trust: trust, authentication: authentication,
            jump: jump)
    }
}
