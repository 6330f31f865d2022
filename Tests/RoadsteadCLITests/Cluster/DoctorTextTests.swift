import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct DoctorTextTests {
    private func report(_ verdict: String) -> JSONObject {
        let findings: JSONValue = [
            ["check": "ssh", "verdict": "ok", "measured": "answers"],
            [
                "check": "quorum", "verdict": .string(verdict), "subject": "prod-2", "measured": "2 of 3\u{1B}[2J",
                "advice": "start it",
            ],
        ]
        return ["verdict": .string(verdict), "findings": findings]
    }

    @Test("each finding is a line, what to do is another below it, and a server's text moves no cursor")
    func lines() {
        let style = Style.plain
        let all = DoctorText.lines(report("failure"), of: "prod", isBrief: false, style)
        #expect(all.first == "ok       ssh     answers" && all.last == "Cluster prod: 1 failure.")
        #expect(all[1].hasPrefix("failure  quorum  prod-2: 2 of 3") && !all[1].contains("\u{1B}"))
        #expect(all[2] == "                 -> start it")
        #expect(DoctorText.lines(report("failure"), of: "prod", isBrief: true, style) == Array(all.dropFirst()))
        #expect(DoctorText.lines(report("ok"), of: "prod", isBrief: true, style) == ["Cluster prod: all is well."])
    }

    @Test(
        "only a failure is a failure, unless it is asked strictly; an answer that says nothing is one",
        arguments: [
            ("ok", true, true), ("unknown", true, false), ("warning", true, false), ("failure", false, false),
            ("", false, false),
        ])
    func status(verdict: String, isWell: Bool, isStrictlyWell: Bool) {
        #expect(DoctorText.isWell(report(verdict), isStrict: false) == isWell)
        #expect(DoctorText.isWell(report(verdict), isStrict: true) == isStrictlyWell)
    }
}
