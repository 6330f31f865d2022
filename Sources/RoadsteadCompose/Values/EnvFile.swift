/// Files of environment variables as docker's `env_file` reads them: `NAME=value` or `NAME` a line, `#` comments,
/// blanks before the name dropped, everything else literal (no quotes, no variables, no escapes).
enum EnvFile {
    struct Failure: Error, Hashable, Sendable {
        var message: String
    }

    /// Messages name the line, not its text, which may be a secret.
    ///
    /// In file order, later ones of the same name still behind the earlier ones. A name without a value takes it from
    /// `environment`, and is left out when that has none.
    static func parse(
        _ bytes: [UInt8], environment: [String: String]
    ) throws(Failure) -> [(name: String, value: String)] {
        let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: bom) ? bytes[3...] : bytes[...]
        var variables: [(name: String, value: String)] = []
        for (number, raw) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            let ending = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
            guard let line = String(validating: ending, as: UTF8.self) else {
                throw Failure(message: "line \(number + 1) is not UTF-8")
            }
            if let variable = try variable(line, number + 1, environment) { variables.append(variable) }
        }
        return variables
    }

    private static func variable(
        _ text: String, _ number: Int, _ environment: [String: String]
    ) throws(Failure) -> (name: String, value: String)? {
        let line = text.drop { $0.isWhitespace }
        guard let first = line.first, first != "#" else { return nil }
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard !name.isEmpty else { throw Failure(message: "no variable name on line \(number)") }
        guard !name.contains(where: { $0 == " " || $0 == "\t" }) else {
            throw Failure(message: "variable name on line \(number) contains whitespaces")
        }
        if parts.count == 2 { return (name, String(parts[1])) }
        return environment[name].map { (name, $0) }
    }
}
