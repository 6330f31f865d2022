import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine start NAME…`
struct MachineStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "start", abstract: "Turn machines on.")

    @OptionGroup var power: MachinePower

    func run() async throws { try await power.run("start", done: "started") }
}

/// `roadstead machine stop NAME…`
struct MachineStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Shut machines down.",
        discussion: "Their tasks move to other nodes. A Swarm works while most of its managers do.")

    @OptionGroup var power: MachinePower

    func run() async throws { try await power.run("stop", done: "stopped") }
}

/// `roadstead machine restart NAME…`
struct MachineRestart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Shut machines down and up again.")

    @OptionGroup var power: MachinePower

    func run() async throws { try await power.run("restart", done: "restarted") }
}

/// `roadstead machine kill NAME…`
struct MachineKill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Turn machines off at once, as by their plug.")

    @OptionGroup var power: MachinePower

    func run() async throws { try await power.run("kill", done: "killed") }
}

/// What the commands that turn machines on and off have in common: one after the other, each by a job.
struct MachinePower: ParsableArguments, Sendable {
    @Argument(help: "Names or ids.")
    var names: [String]

    @OptionGroup var wait: JobWaitOptions
    @OptionGroup var connection: ConnectionOptions

    func run(_ action: String, done: String) async throws {
        try await Connection.run(connection) { connection in
            for name in names {
                let machine = try await ResourceLookup.machines(connection.client).get(name)
                let run = ClusterJobRun(connection: connection, wait: wait)
                guard try await run.run(action, on: machine) else { continue }
                connection.console.write("Machine \(machine.title) is \(done).")
            }
        }
    }
}
