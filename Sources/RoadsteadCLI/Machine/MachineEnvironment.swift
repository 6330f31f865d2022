import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine env NAME`
struct MachineEnvironment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Print what makes docker in this shell speak to a machine's engine.",
        discussion: """
              eval "$(roadstead machine env prod-1)"; docker ps
              eval "$(roadstead machine env --unset)"
            The certificates lie in ~/.config/roadstead/engines. `cluster context` writes a
            docker context instead, which needs no variables.
            """)

    @Argument(help: "Name or id of a machine.")
    var name: String?

    @Option(help: "bash, fish, cmd, powershell, tcsh or emacs; that of SHELL when absent.")
    var shell: ShellSyntax?

    @Flag(name: .shortAndLong, help: "Print what takes the variables away again.")
    var unset = false

    @Flag(help: "Also except the machine from the proxy.")
    var noProxy = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard unset == (name == nil) else { throw ValidationError("Name a machine, or give --unset.") }
    }

    func run() async throws {
        let environment = Console.standard.environment
        let shell = shell ?? ShellSyntax.make(environment)
        guard let name else {
            return Console.standard.write(MachineVariables.names(noProxy: noProxy).map(shell.unset))
        }
        try await Connection.run(connection) { connection in
            let client = connection.client
            let machine = try await ResourceLookup.machines(client).get(name)
            let view = MachineView(machine: machine)
            guard !view.url.isEmpty, let parent = ResourceID(machine.text("parent")) else {
                throw RoadsteadError(.invalidState, "\(view.name) is \(machine.text("state")): its engine does not run")
            }
            let folder = try await EngineAccessFolder.ensure(try await client.get(parent), connection)
            let variables = MachineVariables.make(
                view, folder: folder, noProxy: noProxy ? environment["NO_PROXY"] ?? environment["no_proxy"] ?? "" : nil)
            let call = "roadstead machine env \(view.name)"
            connection.console.write(variables.map(shell.set) + shell.hint(call))
        }
    }
}

/// The variables that docker, and scripts for docker-machine, read.
enum MachineVariables {
    /// `noProxy` is what NO_PROXY has been; nil when it stays so.
    static func make(_ machine: MachineView, folder: String, noProxy: String?) -> [(name: String, value: String)] {
        var variables = [
            ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_HOST", machine.url), ("DOCKER_CERT_PATH", folder),
            ("DOCKER_MACHINE_NAME", machine.name),
        ]
        if let noProxy {
            let address = machine.machine.text("address")
            let known = noProxy.split(separator: ",").map(String.init)
            variables.append(("NO_PROXY", (known.filter { $0 != address } + [address]).joined(separator: ",")))
        }
        return variables
    }

    static func names(noProxy: Bool) -> [String] {
        ["DOCKER_TLS_VERIFY", "DOCKER_HOST", "DOCKER_CERT_PATH", "DOCKER_MACHINE_NAME"] + (noProxy ? ["NO_PROXY"] : [])
    }
}
