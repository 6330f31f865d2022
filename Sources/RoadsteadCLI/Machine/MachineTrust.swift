import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine trust NAME`
struct MachineTrust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Accept the host key of a machine that was made anew.",
        discussion: """
            Shows by which key the machine is known and which it shows now, and asks. Compare
            the fingerprint with the machine's console before you say yes:
              ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
            """)

    @Argument(help: "Name or id.")
    var name: String

    @Option(help: ArgumentHelp("The fingerprint to accept, without a question.", valueName: "SHA256:…"))
    var hostKey: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let machine = try await ResourceLookup.machines(connection.client).get(name)
            let id = try machine.requireID()
            let found = try await connection.client.operation("trust", on: id).body
            let (known, shown) = (Self.texts(found, "known"), Self.texts(found, "shown"))
            if Set(shown).isSubset(of: known) {
                return connection.console.write("Machine \(machine.title) shows the key that it is known by.")
            }
            connection.console.write(
                known.map { "known: \($0)" } + shown.map { "shown: \($0)" })
            if hostKey == nil {
                try await Approval(console: connection.console, isGiven: false).get(
                    "Is \(shown.joined(separator: ", ")) the key of \(machine.title)?")
            }
            guard let accepted = hostKey ?? shown.first else { return }
            _ = try await connection.client.operation("trust", on: id, ["host-key": .string(accepted)])
            connection.console.write("Machine \(machine.title) is known by \(accepted) from now on.")
        }
    }

    private static func texts(_ answer: JSONObject, _ key: String) -> [String] {
        answer[key]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
