import ArgumentParser
import Foundation
import RoadsteadBasics

/// Runs one command line: parses it, runs the command, shows what went wrong, and ends with the fitting exit status.
public enum CommandRunner {
    /// The main function of the executable. `arguments` without the program's name; nil means the process's own.
    public static func main(_ root: any ParsableCommand.Type, _ arguments: [String]? = nil) async -> Never {
        Foundation.exit(await status(root, arguments))
    }

    /// The same without ending the process.
    public static func run(_ root: any ParsableCommand.Type, _ arguments: [String]? = nil) async -> CommandStatus {
        CommandStatus(rawValue: await status(root, arguments)) ?? .failure
    }

    /// A command's own exit status may be any: that of `exec` is the one of what was run.
    private static func status(_ root: any ParsableCommand.Type, _ arguments: [String]?) async -> Int32 {
        do {
            let given = arguments ?? Array(CommandLine.arguments.dropFirst())
            var command = try root.parseAsRoot(DockerArguments.normalised(given))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return CommandStatus.success.rawValue
        } catch let error as ExitCode {
            return error.rawValue
        } catch { return show(error, root).rawValue }
    }

    private static func show(_ error: any Error, _ root: any ParsableCommand.Type) -> CommandStatus {
        switch error {
        case let error as RoadsteadError:
            Console.standard.error(ErrorText.lines(error))
            return CommandStatus(error.code)
        case is CancellationError:
            return .cancelled
        default:
            return showParsing(error, root)
        }
    }

    /// Help and completion scripts go to standard output and are a success; wrong arguments to standard error.
    private static func showParsing(_ error: any Error, _ root: any ParsableCommand.Type) -> CommandStatus {
        let isAnswer = root.exitCode(for: error).isSuccess
        guard !isAnswer else {
            Console.standard.write(root.fullMessage(for: error))
            return .success
        }
        let isParsing = root.exitCode(for: error) == .validationFailure
        let text = isParsing ? root.fullMessage(for: error) : "Error: " + ErrorText.firstLine(error)
        Console.standard.error(ErrorText.relabelled(text))
        return isParsing ? .invalidInput : .failure
    }
}
