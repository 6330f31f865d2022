/// Docker's spelling of switches, `--detach=true`, which the argument parser does not know.
enum DockerArguments {
    private static let switches = ["--detach", "-d", "--prune", "--with-registry-auth", "--quiet", "-q", "--volumes"]

    /// `arguments` of a `stack` command with `--switch=true` as `--switch` and `--switch=false` left out; those of any
    /// other command as they are.
    static func normalised(_ arguments: [String]) -> [String] {
        guard arguments.first == "stack" else { return arguments }
        // What stands behind `--` is a name, whatever it looks like.
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments[..<end].compactMap(argument) + arguments[end...]
    }

    private static func argument(_ text: String) -> String? {
        guard let equals = text.firstIndex(of: "="), switches.contains(String(text[..<equals])) else { return text }
        switch text[text.index(after: equals)...].lowercased() {
        case "true", "1", "t": return String(text[..<equals])
        case "false", "0", "f": return nil
        default: return text
        }
    }
}
