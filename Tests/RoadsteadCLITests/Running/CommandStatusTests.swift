import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct CommandStatusTests {
    @Test("every error code has the exit status that the guide names")
    func table() {
        let expected: [RoadsteadError.Code: Int32] = [
            .invalidInput: 2, .unsupported: 3, .notFound: 3, .unauthenticated: 3, .forbidden: 3, .conflict: 3,
            .invalidState: 3, .limitExceeded: 3, .unavailable: 1, .internal: 1, .timeout: 6, .cancelled: 130,
        ]
        for code in RoadsteadError.Code.allCases { #expect(CommandStatus(code).rawValue == expected[code], "\(code)") }
    }

    @Test(
        "wrong command lines end with 2, help with 0",
        arguments: [
            ([], 0), (["--help"], 0), (["infra", "add", "--help"], 0), (["no-such"], 2), (["login"], 2),
            (["deploy", "--to", "lab"], 2), (["plan"], 2),
            (["deploy", "shop", "-f", "x.yml", "--to", "lab"], 2),
            (["deploy", "shop", "--to", "lab", "--plan", "--detach"], 2),
            (["deploy", "shop", "--to", "lab", "--timeout", "soon"], 2), (["infra", "add", "swarm", "lab"], 2),
            (["infra", "add", "swarm", "lab", "--endpoint", "https://h:2376"], 2),
            (["infra", "add", "swarm", "lab", "--endpoint", "https://h:2376", "--ca", "a", "--cert-path", "b"], 2),
            (["infra", "add", "registry", "hub", "--endpoint", "https://h"], 2),
            (["credential", "add", "api-key", "k", "--for", "lab"], 2), (["credential", "add", "swarm", "k"], 2),
            (["deployment", "rm", "x", "--stop", "--force"], 2), (["job", "ls", "-n", "0"], 2),
            (["job", "ls", "-o", "xml"], 2), (["scale", "web"], 2), (["scale", "web=1", "web=2"], 2),
            (["rollback", "--to", "0"], 2), (["history", "a", "--name", "b"], 2), (["diff", "--with", "2"], 2),
            (["credential", "add", "ssh-key", "k", "--private-key", "a", "--from", "b"], 2),
            (["credential", "add", "exoscale", "k", "--from", "b"], 2), (["cluster", "create"], 2),
            (["cluster", "plan"], 2), (["cluster", "scale", "prod"], 2),
            (["cluster", "create", "p", "--host", "h=boss"], 2), (["cluster", "context", "p", "--name", "a b"], 2),
            (["cluster", "create", "p", "--ssh-key", "k", "--credential", "c"], 2), (["cluster", "schema"], 0),
            (["machine", "scp", "a", "b"], 2), (["machine", "env"], 2), (["machine", "env", "p-1", "--unset"], 2),
            (["machine", "env", "--unset", "--shell", "fish"], 0), (["machine", "ls", "--filter", "color=red"], 2),
            (["app", "validate"], 2), (["app", "rm", "a", "b", "--version-number", "1"], 2), (["adopt"], 2),
        ] as [([String], Int32)])
    func commandLines(_ arguments: [String], _ status: Int32) async {
        #expect(await CommandRunner.run(TestRoot.self, arguments).rawValue == status)
    }

    @Test("an error is shown as roadstead: and what to do")
    func text() {
        #expect(
            ErrorText.lines(RoadsteadError(.forbidden, "not yours\nsecond line")) == [
                "roadstead: not yours", "second line",
            ])
        #expect(
            ErrorText.lines(RoadsteadError(.unauthenticated, "credentials required"))
                == ["roadstead: credentials required", "  Log in by: roadstead login URL"])
        #expect(
            ErrorText.relabelled("Error: Unknown option '--x'\nUsage: y") == [
                "roadstead: Unknown option '--x'", "Usage: y",
            ])
    }
}
