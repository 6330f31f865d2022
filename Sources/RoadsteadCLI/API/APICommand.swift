import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient

/// `roadstead api METHOD PATH`
struct APICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "Make any request of the API and print what it answers.",
        discussion: #"""
            PATH is below /api/. The body is printed as it is; the exit status says how it went.
              roadstead api get deployment -p last=5 -p 'filter=state="STARTED"'
              roadstead api put deployment --form -p last=0 -p aggregation=terms:state
              roadstead api post data-record --data @record.json
              roadstead api put credential/<uuid> -p select=description --data '{}'
              roadstead api delete data-record --bulk -p "filter=tags='old'"
              roadstead api patch data-record/add-tags --bulk --data -
            """#)

    enum Method: String, ExpressibleByArgument, CaseIterable {
        case get, post, put, patch, delete
    }

    @Argument(help: "get, post, put, patch or delete.")
    var method: Method

    @Argument(help: "Such as deployment, credential/<uuid> or job/<uuid>/cancel.")
    var path: String

    @Option(
        name: [.customShort("p"), .customLong("parameter")],
        help: ArgumentHelp("A parameter of the query, or of the form with --form.", valueName: "name=value"))
    var parameters: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The JSON body: a text, @FILE, or - for standard input.", valueName: "json"))
    var data: String?

    @Flag(help: "Send the parameters as a form in the body.")
    var form = false

    @Flag(help: "Say that many resources are meant, as bulk requests must.")
    var bulk = false

    @Flag(help: "The body is a JSON Patch (RFC 6902).")
    var jsonPatch = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if form, data != nil { throw ValidationError("Give --data or --form, not both.") }
        if let bad = parameters.first(where: { !$0.contains("=") }) {
            throw ValidationError("'\(bad)' is no parameter: write NAME=VALUE.")
        }
    }

    func run() async throws {
        let body = try await body()
        let answer = try await Connection.run(connection) { connection in
            let answer = try await connection.client.raw(
                method.rawValue.uppercased(), try Self.below(path), query: form ? [] : pairs, body: body,
                headers: bulk ? [(name: "bulk", value: "yes")] : [])
            // A session that the server has forgotten is made anew by a key, and the request again.
            if let error = answer.error, error.code == .unauthenticated { throw error }
            return answer
        }
        var bytes = answer.body
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        // A reader that went away is no failure.
        try? FileHandle.standardOutput.write(contentsOf: Data(bytes))
        if let error = answer.error { throw ExitCode(CommandStatus(error.code).rawValue) }
    }

    private var pairs: [(String, String)] {
        parameters.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    private func body() async throws -> RawBody? {
        if form { return RawBody(form: pairs) }
        guard let data else { return nil }
        let type = jsonPatch ? "application/json-patch+json" : "application/json"
        if data == "-" {
            return RawBody(
                try await BlockingWork.run { Array(FileHandle.standardInput.readDataToEndOfFile()) }, contentType: type)
        }
        if data.hasPrefix("@") {
            return RawBody(try TextFile.readBytes(String(data.dropFirst())), contentType: type)
        }
        return RawBody(Array(data.utf8), contentType: type)
    }

    /// `/api/x`, `api/x` and `x` mean the same. Throws invalidInput for what no path has.
    static func below(_ path: String) throws(RoadsteadError) -> String {
        var text = Substring(path)
        while text.hasPrefix("/") { text = text.dropFirst() }
        if text.hasPrefix("api/") { text = text.dropFirst(4) }
        let isPlain = text.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "#") }
        guard !text.isEmpty, isPlain else {
            throw RoadsteadError(
                .invalidInput,
                "'\(path)' is no path of the API; write one such as deployment/<uuid>, and parameters by -p")
        }
        return String(text)
    }
}
