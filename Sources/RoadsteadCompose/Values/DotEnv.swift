/// Files of `NAME=VALUE` lines as Compose reads them (`.env`, and `env_file` in its long form).
///
/// Blank lines and lines that begin with `#` say nothing, `export ` before a name is allowed. A value in single quotes is
/// taken as it is (`\'` stands for a quote); bare values and those in double quotes have variables put in, double quotes know
/// `\n`, `\r`, `\t`, `\"`, `\\` and `\$`; quoted ones may go over several lines. A bare value ends at ` #`. `NAME` alone takes the
/// value from the environment, if it has one. A dollar sign that begins no variable stands for itself. Source: the Compose
/// specification, services, "Env_file format", and docker compose 2.40 where that is silent.
public struct DotEnv: Hashable, Sendable {
    /// Messages name the line, not its text, which may be a secret.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        public var line: Int
        public var message: String

        public var description: String { "line \(line): \(message)" }
    }

    /// In file order; of the same name, the last one counts.
    public private(set) var variables: [(name: String, value: String)] = []

    /// - Parameters:
    ///   - environment: for variables in values (before those of the file itself), and for names without a value.
    ///   - earlier: what files before this one say; counts like lines of this one, and is not among `variables`.
    public init(
        _ text: String, environment: [String: String], earlier: [String: String] = [:]
    ) throws(Failure) {
        var reader = DotEnvReader(text)
        var known = earlier
        while let line = try reader.next() {
            guard let raw = line.value else {
                if let inherited = environment[line.name] ?? known[line.name] {
                    variables.append((line.name, inherited))
                }
                continue
            }
            let value = line.isLiteral ? raw : try Self.expand(raw, environment, known, line.number)
            known[line.name] = value
            variables.append((line.name, value))
        }
    }

    public var values: [String: String] { Dictionary(variables.map { ($0.name, $0.value) }) { $1 } }

    /// Values may quote each other, each one doubling the last.
    private static let valueLimit = 1 << 20

    private static func expand(
        _ text: String, _ environment: [String: String], _ known: [String: String], _ line: Int
    ) throws(Failure) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        do {
            var unset: [String] = []
            return try Template(parsing: text, keepsLoneDollars: true).expanded(
                with: { environment[$0] ?? known[$0] }, unset: &unset, limit: valueLimit)
        } catch is Template.FormatError {
            throw Failure(
                line: line, message: "the value has a '${' that begins no variable; write $$ for a dollar sign")
        } catch Template.ExpansionError.missing(let name, _) {
            throw Failure(line: line, message: "required variable \(name) is missing a value")
        } catch {
            throw Failure(line: line, message: "the value is too long")
        }
    }

    public static func == (left: DotEnv, right: DotEnv) -> Bool {
        left.variables.elementsEqual(right.variables) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) {
        for variable in variables { hasher.combine(variable.name) }
    }
}
