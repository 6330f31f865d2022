import ArgumentParser
import RemoteHosts
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine ssh NAME [COMMAND…]`
struct MachineSSH: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssh", abstract: "A shell on a machine, or a command; the exit status is the command's.",
        discussion: """
              roadstead machine ssh prod-1
              roadstead machine ssh prod-1 -- sudo su -
              roadstead machine ssh prod-1 df -h | sort

            Options stand before the name. It takes OpenSSH's client on this machine. Only
            the host key that the server knows is taken; your own configuration for ssh
            does not matter, and nothing is written to your known hosts.
            """)

    @Flag(name: .customShort("T"), help: "No terminal, even if there is one: for pipes.")
    var noTerminal = false

    @OptionGroup var key: MachineKeyOptions
    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "Name or id of a machine.")
    var machine: String

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments; a shell when absent.")
    var command: [String] = []

    func run() async throws {
        let host = try await Connection.run(connection) { connection in
            try await MachineAccess(connection: connection, identity: key.identity).get(machine)
        }
        let console = Console.standard
        let hasTerminal = !noTerminal && console.isInputTerminal && console.isOutputTerminal
        try await OpenSSH.run([host]) { folder in
            folder.ssh(host.name, hasTerminal: hasTerminal, command: Exec.words(command))
        }
    }
}
