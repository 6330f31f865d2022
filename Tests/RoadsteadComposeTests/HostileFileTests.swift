import Testing

@testable import RoadsteadCompose

/// Files made to keep us busy: each would take minutes or more if some step grew with the square of its size. That they end at
/// all within the run is the claim; the caps that stop the worst are named.
@Suite struct HostileFileTests {
    @Test("thousands of resets in thousands of services with things to warn about")
    func resets() throws {
        let base = "services:\n" + (0..<2_000).map { "  s\($0): {image: a, privileged: true, tty: true}\n" }.joined()
        let over =
            "services:\n" + (0..<2_000).map { "  s\($0): {privileged: !reset , tty: !override false}\n" }.joined()
        let found = try stack(base, over: over)
        #expect(found.services.count == 2_000 && found.warnings == [])
    }

    @Test("thousands of services that extend one that is large")
    func extends() {
        let large =
            "  large: {image: a, environment: {" + (0..<5_000).map { "V\($0): x" }.joined(separator: ", ") + "}}\n"
        let text = "services:\n" + large + (0..<5_000).map { "  s\($0): {extends: large}\n" }.joined()
        #expect(problems(text).first?.contains("all variables and files together make more than 64 MiB") == true)
    }

    @Test("thousands of services that extend what is not there, and wait for each other in rings")
    func mistakes() {
        let lost = "services:\n" + (0..<1_000).map { "  s\($0): {extends: t\($0)}\n" }.joined()
        #expect(problems(lost).count == ProblemLog.limit)
        let rings =
            "services:\n"
            + (0..<1_000).map { "  s\($0): {image: a, depends_on: [s0, s\(min($0 + 1, 999))]}\n" }.joined()
        #expect(problems(rings).count == ProblemLog.limit)
    }

    @Test("a service name, a variable or a text of a hundred thousand characters")
    func longTexts() {
        let long = String(repeating: "x", count: 100_000)
        #expect(!problems("services: {\(long): {image: a}}").isEmpty)
        #expect(!problems("services: {w: {image: a, comand: \(long), \(long): 1}}").isEmpty)
        #expect(problems("services: {w: {image: a, command: '${\(long)}'}}").isEmpty)
        #expect(!problems("services: {w: {image: a, ports: ['\(long):80'], stop_grace_period: \(long)}}").isEmpty)
        #expect(
            !problems("services: {w: {image: a, deploy: {replicas: \(String(repeating: "9", count: 100_000))}}}")
                .isEmpty)
    }

    @Test("keys within keys within keys", arguments: ["? ", "? - ", "{? ", "[? ", "?\n "])
    func complexKeys(_ opener: String) {
        #expect(problems("a: " + String(repeating: opener, count: 100_000)).count == 1)
    }
}
