/// Tells from what apt and dpkg wrote to standard error why packages were not installed (apt 2.4 to 3.0, dpkg 1.21 and 1.22;
/// their messages in the language C).
struct InstallFailure: Sendable, Hashable {
    let code: RemoteHostError.Code
    /// To follow the host's name.
    let sentence: String

    /// nil for text that tells of nothing known. A full disk shows in any step, the rest only where packages are installed.
    init?(_ text: String, in step: HostPreparation.Step) {
        self.init(text)
        guard step == .installEngine || code == .diskFull else { return nil }
    }

    private init?(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        if let line = lines.last(where: { line in Self.full.contains(where: line.contains) }) {
            (code, sentence) = (
                .diskFull, "has no space left for packages (\(Self.words(line))); make room and ask again"
            )
        } else if let line = lines.last(where: { $0.contains("Could not get lock") })
            ?? lines.last(where: { $0.contains("Unable to acquire the dpkg frontend lock") })
        {
            (code, sentence) = (.packagesLocked, Self.lockSentence(line))
        } else if let line = lines.last(where: { $0.contains("Failed to fetch") }) {
            (code, sentence) = (.packageSource, Self.sourceSentence(line))
        } else if let line = lines.last(where: { line in Self.missing.contains(where: line.contains) }) {
            code = .unsuitable
            sentence =
                "has no package source with the engine (\(Self.words(line))); look at /etc/apt/sources.list and "
                + "/etc/apt/sources.list.d there"
        } else {
            return nil
        }
    }

    func error(on host: String) -> RemoteHostError { RemoteHostError(code, "\(host) \(sentence)", host: host) }

    private static let full = ["No space left on device", "don't have enough free space", "Disk quota exceeded"]
    private static let missing = ["Unable to locate package", "has no installation candidate", " was not found"]

    /// Without apt's own mark of an error or a warning, and not too long.
    private static func words(_ line: String) -> String {
        let text = ["E: ", "W: "].reduce(line) { $0.hasPrefix($1) ? String($0.dropFirst($1.count)) : $0 }
        return String(text.prefix(300))
    }

    /// `Could not get lock FILE. It is held by process PID (NAME)`.
    private static func lockSentence(_ line: String) -> String {
        let holder = line.firstRange(of: "held by process ").map { line[$0.upperBound...] }
        let name = holder?.split(separator: "(").dropFirst().first?.prefix { $0 != ")" }
        let process = holder?.prefix { $0.isNumber } ?? ""
        let who =
            process.isEmpty ? "another process" : "\(name.map(String.init) ?? "another program") (process \(process))"
        return "installs other packages: \(who) holds the lock; it is waited for again, unless it hangs: then end it"
    }

    /// `Failed to fetch URL  REASON`.
    private static func sourceSentence(_ line: String) -> String {
        let rest = line.firstRange(of: "Failed to fetch ").map { line[$0.upperBound...] } ?? ""
        let url = rest.prefix { !$0.isWhitespace }
        let reason = String(rest.dropFirst(url.count)).words
        return "cannot get packages from \(url) (\(reason.prefix(200))); is that source up, and does the host reach it?"
    }
}
