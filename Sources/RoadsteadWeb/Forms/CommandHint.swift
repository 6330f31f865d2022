import RoadsteadBasics
import RoadsteadHTTP
import RoadsteadModel

/// What a page does, as a command and as a request: everything here can be written into a script.
struct CommandHint: Sendable {
    let command: String
    let request: String

    init(command: String, request: String) {
        self.command = command
        self.request = request
    }

    /// A listing of the API.
    init(command: String, query type: String, _ parameters: QueryParameters) {
        var fields = parameters.filters.map { ("filter", $0) }
        let order = parameters.orderBy.map { $0.attribute + ($0.isAscending ? ":asc" : ":desc") }
        if !order.isEmpty { fields.append(("orderby", order.joined(separator: ","))) }
        fields.append(("first", String(parameters.first)))
        if let last = parameters.last { fields.append(("last", String(last))) }
        let query = fields.map { $0.0 + "=" + PercentEncoding.query($0.1) }.joined(separator: "&")
        self.init(command: command, request: "GET /api/\(type)?\(query)")
    }
}

enum PercentEncoding {
    private static let free = Set("-._~*,:'()".utf8)

    /// A value of a query string.
    static func query(_ text: String) -> String {
        text.utf8.map { byte in
            let isLetter = (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
            if isLetter || free.contains(byte) { return String(UnicodeScalar(byte)) }
            return "%" + Hexadecimal.text([byte]).uppercased()
        }.joined()
    }
}

/// An argument of a command, in quotes where a shell needs them.
enum ShellWord {
    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "-._/:@".utf8.contains(byte)
            }
        return isPlain ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }
}
