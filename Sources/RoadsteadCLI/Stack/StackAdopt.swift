import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl

/// `roadstead stack adopt STACK`
struct StackAdopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Print a stack of the Swarm as a Compose file; changes nothing.",
        discussion: """
            With --directory the file and the contents of its configs are written there. A plan of the file against \
            the Swarm proves that deploying it changes nothing; where it would, the differences are shown and the exit \
            status is 4. Contents of secrets cannot be had from a Swarm: they are declared as external.
            """)

    @Argument(help: "The stack's name.")
    var stack: String

    @Option(
        help: ArgumentHelp(
            "Write compose.yaml and configs/ there; it must not hold a compose.yaml.", valueName: "dir"))
    var directory: String?

    @OptionGroup var engine: EngineOptionGroup

    func run() async throws {
        let console = Console.standard
        try await engine.withEngine { _, engine in
            let adopted = try await engine.adopt(stack: stack)
            if let directory {
                let files = adopted.adoption.files.merging(["compose.yaml": Data(adopted.adoption.text.utf8)]) { $1 }
                try await BlockingWork.run { try Self.write(files, to: directory) }
                console.write("\(directory)/compose.yaml")
            } else {
                console.writeRaw(adopted.adoption.text)
            }
            for note in adopted.adoption.notes { console.error("roadstead: note: " + note) }
            guard !adopted.plan.changesNotesOnly else {
                return console.error("roadstead: deploying this file as stack \(stack) changes nothing (planned)")
            }
            console.error("roadstead: deploying this file would not leave everything as it is:")
            console.error(PlanText.lines(adopted.plan.json().objectValue ?? JSONObject(), .plain))
            throw ExitCode(CommandStatus.failed.rawValue)
        }
    }

    /// Contents of configs are nobody else's business: files of the user's alone.
    private static func write(_ files: [String: Data], to directory: String) throws {
        guard !FileManager.default.fileExists(atPath: directory + "/compose.yaml") else {
            throw RoadsteadError(
                .conflict, "\(directory)/compose.yaml exists: name another directory, or move the file away")
        }
        for (path, data) in files {
            let file = directory + "/" + path
            let folder = (file as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            guard
                FileManager.default.createFile(atPath: file, contents: data, attributes: [.posixPermissions: 0o600])
            else { throw RoadsteadError(.invalidInput, "cannot write \(file)") }
        }
    }
}
