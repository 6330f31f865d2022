import ArgumentParser
import RemoteHosts
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine scp SOURCE… TARGET`
struct MachineSCP: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scp", abstract: "Copy files from and to machines, or from one machine to another.",
        discussion: """
              roadstead machine scp -r ./conf prod-1:/etc/app
              roadstead machine scp prod-1:/var/log/syslog .
            """)

    @Flag(name: .shortAndLong, help: "Folders with all that is in them.")
    var recursive = false

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @OptionGroup var key: MachineKeyOptions
    @OptionGroup var connection: ConnectionOptions

    @Argument(help: ArgumentHelp("Paths here, and MACHINE:PATH there; the last is the target.", valueName: "place"))
    var places: [CopyPlace]

    func validate() throws {
        guard places.count >= 2 else { throw ValidationError("Give what is copied, and where to.") }
        guard places.contains(where: { $0.machine != nil }) else {
            throw ValidationError("Neither place is on a machine: write MACHINE:PATH for one of them.")
        }
    }

    func run() async throws {
        let hosts = try await Connection.run(connection) { connection in
            let access = MachineAccess(connection: connection, identity: key.identity)
            var hosts: [String: SSHClientFolder.Host] = [:]
            for machine in Set(places.compactMap(\.machine)).sorted() {
                hosts[machine] = try await access.get(machine)
            }
            return hosts
        }
        // Each machine's key is here only: from one to another the files come through this machine.
        let options = (recursive ? ["-r"] : []) + (quiet ? ["-q"] : []) + (hosts.count > 1 ? ["-3"] : [])
        let paths = places.map { place in
            place.machine.flatMap { hosts[$0] }.map { "\($0.name):\(place.path)" } ?? place.localPath
        }
        try await OpenSSH.run(Array(hosts.values)) { $0.scp(options, paths) }
    }
}

/// `MACHINE:PATH`, or a path here. As scp has it, a colon behind a slash belongs to the path.
struct CopyPlace: ExpressibleByArgument, Hashable, Sendable {
    var machine: String?
    var path: String

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        let head = argument.prefix { $0 != ":" && $0 != "/" }
        guard !head.isEmpty, head.endIndex < argument.endIndex, argument[head.endIndex] == ":" else {
            path = argument
            return
        }
        let rest = String(argument[argument.index(after: head.endIndex)...])
        // docker-machine's word for this machine.
        (machine, path) = head == "localhost" ? (nil, rest) : (String(head), rest)
    }

    /// Such that scp does not take a colon in it for a host.
    var localPath: String { path.prefix { $0 != "/" }.contains(":") ? "./" + path : path }
}
