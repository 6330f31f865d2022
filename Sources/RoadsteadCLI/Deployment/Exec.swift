import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead exec TASK [COMMAND…]`
struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command in a task's container, on whatever node it is; the exit status is the command's.",
        discussion: """
              roadstead exec web                  # a shell in a running task of the service web
              roadstead exec --name shop db.1 pg_dump -U shop shop >shop.sql

            Options stand before the task: what follows is the command's. The node's engine must be reachable from the \
            server.
            """)

    @Flag(name: .customShort("T"), help: "No terminal, even if there is one: for pipes.")
    var noTerminal = false

    @OptionGroup var deployment: DeploymentChoice
    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "A service, a task such as web.1, or a task's id.")
    var task: String

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments; a shell when absent.")
    var command: [String] = []

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await deployment.find(nil, connection.client)
            let console = connection.console
            let isTTY = !noTerminal && console.isInputTerminal && console.isOutputTerminal
            let request = ConsoleCommand(task: task, command: Self.words(command), isTTY: isTTY)
            let terminal = ConsoleTerminal(isTTY: isTTY)
            defer { terminal.restore() }
            let code = try await connection.client.console(
                of: try found.requireID(), request, input: terminal.input()
            ) { bytes in console.writeBytes(bytes) }
            guard code == 0 else { throw ExitCode(Int32(truncatingIfNeeded: code)) }
        }
    }

    /// `--` between the task and the command is nobody's word.
    static func words(_ command: [String]) -> [String] { command.first == "--" ? Array(command.dropFirst()) : command }
}
