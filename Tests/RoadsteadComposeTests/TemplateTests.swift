import DockerAPI
import Testing

@testable import RoadsteadCompose

@Suite struct TemplateTests {
    private let variables = ["SET": "value", "EMPTY": "", "_u1": "under"]

    private func expand(_ text: String) throws -> String {
        var unset: [String] = []
        return try Template(parsing: text).expanded(with: { variables[$0] }, unset: &unset)
    }

    @Test(
        "every form gives what it should",
        arguments: [
            ("plain", "plain"), ("$SET", "value"), ("a$SET.b", "avalue.b"), ("${SET}b", "valueb"), ("$_u1", "under"),
            ("$UNSET.", "."), ("$$", "$"), ("$$SET", "$SET"), ("$${SET}", "${SET}"), ("$$$SET", "$value"),
            ("${SET:-d}", "value"), ("${UNSET:-d}", "d"), ("${EMPTY:-d}", "d"), ("${EMPTY-d}", ""), ("${UNSET-d}", "d"),
            ("${UNSET:-}", ""), ("${UNSET:-a:-b}", "a:-b"), ("${UNSET-a b/c}", "a b/c"), ("${UNSET:-{x}", "{x"),
            ("${SET?m}", "value"), ("${EMPTY?m}", ""), ("${SET:+r}", "r"), ("${EMPTY:+r}", ""), ("${EMPTY+r}", "r"),
            ("${UNSET+r}", ""), ("${UNSET:-${SET}}", "value"), ("${UNSET:-x$SET}", "xvalue"),
            ("${UNSET:-${ALSO:-deep}}!", "deep!"), ("${UNSET:-$$}", "$"), ("ü$SET€", "üvalue€"),
        ])
    func forms(_ text: String, _ expected: String) throws {
        #expect(try expand(text) == expected)
    }

    @Test(
        "what is no variable is refused",
        arguments: [
            "$", "5$ or less", "${", "${SET", "${}", "${1A}", "${ A }", "${A:}", "${A:x}", "${A!}", "$1", "${A:-${B}",
        ])
    func formatErrors(_ text: String) {
        #expect(throws: Template.FormatError.self) { try Template(parsing: text) }
    }

    @Test("a required variable without a value says its message")
    func required() {
        #expect(throws: Template.ExpansionError.missing(name: "X", message: "why value")) {
            try expand("${X?why $SET}")
        }
        #expect(throws: Template.ExpansionError.missing(name: "EMPTY", message: "")) { try expand("${EMPTY:?}") }
    }

    @Test("variables that are not set are named, those with a default are not")
    func unsetNames() throws {
        var unset: [String] = []
        _ = try Template(parsing: "$A ${B} ${C:-c} $SET").expanded(with: { variables[$0] }, unset: &unset)
        #expect(unset == ["A", "B"])
    }

    @Test("braces within braces end somewhere")
    func depth() {
        let text = String(repeating: "${A:-", count: 1000) + String(repeating: "}", count: 1000)
        #expect(throws: Template.FormatError.self) { try Template(parsing: text) }
    }

    @Test("a text that grows too long is refused")
    func length() {
        var unset: [String] = []
        #expect(throws: Template.ExpansionError.tooLong) {
            try Template(parsing: "$SET$SET").expanded(with: { variables[$0] }, unset: &unset, limit: 9)
        }
    }

    @Test("variables cannot make a small file stand for gigabytes")
    func budget() {
        let text = "x-a: [" + repeatElement("$A", count: 1000).joined(separator: ", ") + "]\nservices: {}\n"
        let found = problems(text, environment: ["A": String(repeating: "x", count: 100_000)])
        #expect(found.first?.contains("all variables and files together make more than 64 MiB") == true)
    }

    @Test("text becomes a number or boolean where the place wants one, and only there")
    func casts() throws {
        let stack = try service(
            "tty: $Y\nlabels: {n: $N}\ninit: $T\nhostname: $N\ndeploy: {replicas: $N}",
            environment: ["N": "4", "Y": "YES", "T": "true"])
        #expect(stack.first?.mode == .replicated(4) && stack.container?.tty == true)
        #expect(stack.container?.`init` == true && stack.container?.hostname == "4")
        #expect(stack.container?.labels?["n"] == "4")
    }

    @Test("text that is no number where one is wanted names the variable's value")
    func castFailure() {
        #expect(
            problems(serviceText("deploy: {replicas: $N}"), environment: ["N": "many"]) == [
                "compose.yml:4:24: services.w.deploy.replicas: must be an integer, and its variables give 'many'"
            ])
    }

    @Test("what docker would take for a default is warned about and kept")
    func ambiguity() throws {
        let stack = try stack("services: {w: {image: 'nginx:$TAG-alpine'}}", environment: ["TAG": "1"])
        #expect(stack.container?.image == "nginx:1-alpine")
        #expect(stack.warnings.contains { $0.contains("write ${TAG} to be clear") })
    }

    @Test("an unset variable is warned about")
    func unsetWarning() throws {
        #expect(try service("hostname: a$X").warnings == ["variable X is not set: an empty text stands in its place"])
    }

    @Test("messages do not show the text that holds the dollar sign: it may be a password")
    func secrecy() {
        let found = problems(serviceText("environment: {PASSWORD: 'hunter2$'}"))
        #expect(found.count == 1 && found[0].contains("services.w.environment.PASSWORD: invalid interpolation format"))
        #expect(!found[0].contains("hunter2"))
    }
}
