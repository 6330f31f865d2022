import ArgumentParser
import RemoteHosts
import RoadsteadBasics
import RoadsteadClient

/// With which key machines are entered.
struct MachineKeyOptions: ParsableArguments, Sendable {
    @Option(
        name: [.customShort("i"), .customLong("identity")],
        help: ArgumentHelp("Your private key, where the server does not give one.", valueName: "file"))
    var identity: String?
}

/// How a machine is entered by SSH, as the server tells whoever may manage it.
struct MachineAccess: Sendable {
    let connection: Connection
    /// A file that was named on the command line.
    let identity: String?

    /// Throws forbidden without the right to manage it, and invalidState for a machine whose host key is not known yet.
    func get(_ name: String) async throws(RoadsteadError) -> SSHClientFolder.Host {
        let client = connection.client
        let machine = try await ResourceLookup.machines(client).get(name)
        let answer = try await client.operation("ssh-access", on: try machine.requireID()).body
        let isGiven = identity != nil || answer["private-key"] != nil
        let credential = isGiven ? nil : await credential(of: machine)
        let key = Self.key(
            identity: identity, answer: answer, credential: credential, environment: connection.console.environment)
        guard let key else {
            throw RoadsteadError(
                .unavailable,
                "the server does not give you the key of \(machine.title): name its file by -i FILE, or add it to your agent "
                    + "(ssh-add)")
        }
        return try Self.host(machine.title, answer, key)
    }

    /// What hosts that existed are entered with by the server. Its owner may read the key back.
    private func credential(of machine: JSONObject) async -> JSONObject? {
        let client = connection.client
        guard let parent = ResourceID(machine.text("parent")), let cluster = try? await client.get(parent),
            let id = ResourceID(cluster.specification.text("credential"))
        else { return nil }
        return try? await client.get(id)
    }

    /// What was named first, then what the server gives, then what lies here.
    static func key(
        identity: String?, answer: JSONObject, credential: JSONObject?, environment: [String: String]
    ) -> HostAuthentication? {
        if let identity { return .file(identity) }
        for holder in [answer, credential ?? [:]] {
            guard let key = holder["private-key"]?.stringValue else { continue }
            return .key(Redacted(key), passphrase: holder["passphrase"]?.stringValue.map { Redacted($0) })
        }
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let file = value("SSH_KEY") { return .file(file) }
        return value("SSH_AUTH_SOCK").map { .agent(socket: $0) }
    }

    static func host(
        _ name: String, _ answer: JSONObject, _ key: HostAuthentication
    ) throws(RoadsteadError) -> SSHClientFolder.Host {
        let keys = hostKeys(answer)
        guard !keys.isEmpty else {
            throw RoadsteadError(
                .invalidState, "the host key of \(name) is not known yet: nobody has reached it so far")
        }
        do {
            let login = try HostLogin(
                address: try address(answer), user: answer["user"]?.stringValue ?? "root", trust: .known(keys),
                authentication: key, jump: try jump(answer))
            return SSHClientFolder.Host(name, login)
        } catch { throw RoadsteadError(.invalidInput, "\(name): \(error.message)") }
    }

    private static func address(_ object: JSONObject) throws(RemoteHostError) -> HostAddress {
        try HostAddress(object.text("address"), port: object["port"]?.integerValue.map(Int.init) ?? 22)
    }

    private static func hostKeys(_ object: JSONObject) -> [HostKey] {
        object["host-keys"]?.arrayValue?.compactMap { $0.stringValue.flatMap { HostKey($0) } } ?? []
    }

    /// A jump host whose key nobody knows may show any: what goes through it is encrypted to the machine behind it, which
    /// is known by its own.
    private static func jump(_ answer: JSONObject) throws(RemoteHostError) -> HostLogin.Jump? {
        guard let jump = answer["jump"]?.objectValue else { return nil }
        let keys = hostKeys(jump)
        return try HostLogin.Jump(
            address: try address(jump), user: jump["user"]?.stringValue ?? "root",
            trust: keys.isEmpty ? .firstContact : .known(keys))
    }
}

/// The system's `ssh` and `scp` with all that they need in a private folder, for the time of one run.
enum OpenSSH {
    /// Ends the command with the exit status of the program, which is that of the remote command.
    static func run(_ hosts: [SSHClientFolder.Host], _ words: (SSHClientFolder) -> [String]) async throws {
        let folder: SSHClientFolder
        do { folder = try SSHClientFolder(hosts) } catch {
            throw RoadsteadError(error.code == .localFault ? .unavailable : .invalidInput, error.message)
        }
        defer { folder.remove() }
        try await TerminalProgram.run(words(folder), environment: folder.environment).end()
    }
}
