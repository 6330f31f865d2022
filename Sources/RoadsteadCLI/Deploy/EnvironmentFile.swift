import RoadsteadBasics
import RoadsteadCompose

/// A file of `NAME=VALUE` lines (`.env`), read as Compose reads it (`DotEnv`).
struct EnvironmentFile: Sendable {
    let values: [String: String]

    /// Throws invalidInput with the file's name and the line.
    ///
    /// - Parameter earlier: what files before this one say, for variables in values.
    init(
        _ text: String, path: String, environment: [String: String], earlier: [String: String] = [:]
    ) throws(RoadsteadError) {
        do { values = try DotEnv(text, environment: environment, earlier: earlier).values } catch {
            throw RoadsteadError(.invalidInput, "\(path):\(error.line): \(error.message)")
        }
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (48...57).contains(byte) || (65...90).contains(byte)
                || (97...122).contains(byte)
        }
    }
}
