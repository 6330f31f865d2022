import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster doctor NAME`
struct ClusterDoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at machines, network and Swarm, and say what is wrong and what to do.",
        discussion: """
            It takes a minute at most and changes nothing; to see whether an overlay network
            carries packets it makes one, with a container a machine, and removes both.
            The exit status is 1 when there is a failure; with --strict also for a warning,
            and for what could not be found out.
            """)

    @Argument(help: "Name or id.")
    var name: String

    @Flag(help: "Exit with status 1 for warnings, too.")
    var strict = false

    @Flag(name: .shortAndLong, help: "Show only what is not well.")
    var brief = false

    @Option(name: .shortAndLong, help: "How to print: table, json or yaml.")
    var output = OutputFormat.table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let cluster = try await ResourceLookup.clusters(connection.client).get(name)
            let report = try await connection.client.operation("doctor", on: try cluster.requireID()).body
            connection.console.write(
                output == .table
                    ? DoctorText.lines(report, of: cluster.title, isBrief: brief, connection.console.style)
                    : try Listing.encoded(.object(report), output))
            guard !DoctorText.isWell(report, isStrict: strict) else { return }
            throw ExitCode(CommandStatus.failure.rawValue)
        }
    }
}

/// What a doctor says, for people.
enum DoctorText {
    static func lines(_ report: JSONObject, of cluster: String, isBrief: Bool, _ style: Style) -> [String] {
        let findings = report["findings"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let width = findings.map { $0.text("check").count }.max() ?? 0
        let shown = isBrief ? findings.filter { verdict(of: $0) != .ok } : findings
        return shown.flatMap { lines($0, width: width, style) } + [summary(findings, of: cluster)]
    }

    static func isWell(_ report: JSONObject, isStrict: Bool) -> Bool {
        guard let verdict = DoctorFinding.Verdict(rawValue: report.text("verdict")) else { return false }
        return isStrict ? verdict == .ok : verdict != .failure
    }

    private static func verdict(of finding: JSONObject) -> DoctorFinding.Verdict? {
        DoctorFinding.Verdict(rawValue: finding.text("verdict"))
    }

    private static func lines(_ finding: JSONObject, width: Int, _ style: Style) -> [String] {
        let verdict = verdict(of: finding)
        let word = pad(finding.text("verdict"), 7)
        let subject = finding.text("subject").isEmpty ? "" : finding.text("subject") + ": "
        let text = "\(pad(finding.text("check"), width))  \(subject)\(finding.text("measured"))"
        let head = paint(word, verdict, style) + "  " + TerminalText.safe(text, keepingLines: false)
        guard verdict != .ok, !finding.text("advice").isEmpty else { return [head] }
        let indent = String(repeating: " ", count: 9 + width + 2)
        return [head, indent + "-> " + TerminalText.safe(finding.text("advice"), keepingLines: false)]
    }

    private static func paint(_ word: String, _ verdict: DoctorFinding.Verdict?, _ style: Style) -> String {
        switch verdict {
        case .ok?: style.paint(word, .green)
        case .failure?: style.paint(word, .red)
        case .warning?, .unknown?: style.paint(word, .yellow)
        case nil: word
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func summary(_ findings: [JSONObject], of cluster: String) -> String {
        func count(_ verdict: DoctorFinding.Verdict) -> Int { findings.count { self.verdict(of: $0) == verdict } }
        let counts = [
            (count(.failure), "failure", "failures"), (count(.warning), "warning", "warnings"),
            (count(.unknown), "unknown", "unknown"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
        return "Cluster \(cluster): " + (counts.isEmpty ? "all is well" : counts.joined(separator: ", ")) + "."
    }
}
