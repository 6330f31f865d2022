import Foundation

/// Standard output and standard error, and what they are attached to.
struct Console: Sendable {
    let isOutputTerminal: Bool
    let isInputTerminal: Bool
    let environment: [String: String]

    static let standard = Console(
        isOutputTerminal: isatty(1) == 1, isInputTerminal: isatty(0) == 1,
        environment: ProcessInfo.processInfo.environment)

    /// Answers go to standard output, one line each.
    func write(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        put(lines.joined(separator: "\n") + "\n", to: .standardOutput)
    }

    func write(_ line: String) { write([line]) }

    /// Without a line end: control sequences, and text that has its own.
    func writeRaw(_ text: String) { put(text, to: .standardOutput) }

    /// What a program said, as it is.
    func writeBytes(_ bytes: [UInt8]) { try? FileHandle.standardOutput.write(contentsOf: Data(bytes)) }

    /// Everything else goes to standard error, so that answers can be piped.
    func error(_ lines: [String]) { put(lines.joined(separator: "\n") + "\n", to: .standardError) }

    func error(_ line: String) { error([line]) }

    /// A reader that went away (`roadstead job ls | head`) is no failure.
    private func put(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }

    /// Columns of the terminal; 80 when that is unknown.
    var width: Int { Self.size.map { Int($0.ws_col) } ?? 80 }

    /// Lines of the terminal; 24 when that is unknown.
    var height: Int { Self.size.map { Int($0.ws_row) } ?? 24 }

    private static var size: winsize? {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return size
    }

    /// Colours and redrawing only on a terminal that can; `NO_COLOR` (no-color.org) is honoured.
    var style: Style {
        guard isOutputTerminal, environment["TERM"] != "dumb" else { return .plain }
        return environment["NO_COLOR"]?.isEmpty == false ? .plain : .colour
    }

    var canRedraw: Bool { isOutputTerminal && environment["TERM"] != "dumb" }
}
