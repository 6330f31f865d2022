import Foundation

/// Which process of which machine, told so that another one that gets its number later is not taken for it (proc(5)).
struct ProcessMark: Sendable, Hashable {
    /// Of the machine's start.
    var boot: String
    /// The numbers' name space: a container has its own.
    var space: String
    var number: String
    /// In ticks since the machine's start.
    var start: String

    /// Nil where there is no /proc.
    static func own() -> ProcessMark? {
        guard let boot = read("/proc/sys/kernel/random/boot_id"),
            let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid"),
            case let number = String(ProcessInfo.processInfo.processIdentifier), let start = start(of: number)
        else { return nil }
        return ProcessMark(boot: boot, space: space, number: number, start: start)
    }

    init(boot: String, space: String, number: String, start: String) {
        (self.boot, self.space, self.number, self.start) = (boot, space, number, start)
    }

    init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 4 else { return nil }
        self.init(boot: words[0], space: words[1], number: words[2], start: words[3])
    }

    var text: String { "\(boot) \(space) \(number) \(start)\n" }

    /// Whether it has ended, as `own` sees it; false where that cannot be known from here.
    func hasEnded(seenBy own: ProcessMark) -> Bool {
        if boot != own.boot { return true }
        return space == own.space && Self.start(of: number) != start
    }

    /// The name in the second field may hold anything; the start is the 22nd.
    private static func start(of number: String) -> String? {
        guard let text = read("/proc/\(number)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }

    private static func read(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
