import Foundation
import RoadsteadBasics

/// Questions to the person at the terminal.
enum Prompt {
    static func text(_ question: String) async throws -> String {
        try await BlockingWork.run {
            Console.standard.writeError(question + ": ")
            guard let line = readLine(strippingNewline: true), !line.isEmpty else {
                throw RoadsteadError(.invalidInput, "nothing was typed for '\(question)'")
            }
            return line
        }
    }

    /// Only `y` and `yes` mean yes.
    static func confirms(_ question: String) async throws -> Bool {
        try await BlockingWork.run {
            Console.standard.writeError(question + " [y/N] ")
            return ["y", "yes"].contains((readLine(strippingNewline: true) ?? "").lowercased())
        }
    }

    /// Asks without showing what is typed. Standard input must be a terminal.
    static func secret(_ question: String) async throws -> Redacted<String> {
        try await BlockingWork.run {
            Console.standard.writeError(question + ": ")
            let line = withoutEcho { readLine(strippingNewline: true) }
            Console.standard.writeError("\n")
            guard let line, !line.isEmpty else {
                throw RoadsteadError(.invalidInput, "nothing was typed for '\(question)'")
            }
            return Redacted(line)
        }
    }

    /// One line of standard input, for `--password-stdin`.
    static func secretFromInput(_ what: String) async throws -> Redacted<String> {
        try await BlockingWork.run {
            guard let line = readLine(strippingNewline: true), !line.isEmpty else {
                throw RoadsteadError(.invalidInput, "standard input holds no \(what)")
            }
            return Redacted(line)
        }
    }

    private static func withoutEcho<Value>(_ body: () -> Value) -> Value {
        var saved = termios()
        guard tcgetattr(0, &saved) == 0 else { return body() }
        var silent = saved
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(0, TCSAFLUSH, &silent)
        defer { tcsetattr(0, TCSAFLUSH, &saved) }
        return body()
    }
}

extension Console {
    fileprivate func writeError(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
