import DockerAPI
import Foundation
import Testing

@testable import RoadsteadCompose

@Suite struct ProfileTests {
    private let text = """
        services:
          w: {image: a}
          debug: {image: a, profiles: [debug, all], configs: [d], gpus: all}
          test: {image: a, profiles: [test], configs: [c]}
          u: {image: a, configs: [c]}
        configs: {c: {content: x}, d: {content: y}, unused: {content: z}}

        """

    @Test(
        "services without a wanted profile are not part of the stack, nor what only they use",
        arguments: [
            ([], [:], ["u", "w"], ["c", "unused"]), (["test"], [:], ["test", "u", "w"], ["c", "unused"]),
            ([], ["COMPOSE_PROFILES": "x, test"], ["test", "u", "w"], ["c", "unused"]),
            (["other"], ["COMPOSE_PROFILES": "test"], ["u", "w"], ["c", "unused"]),
        ] as [([String], [String: String], [String], [String])])
    func selected(_ profiles: [String], _ environment: [String: String], _ services: [String], _ configs: [String])
        throws
    {
        let found = try stack(text, environment: environment, profiles: profiles)
        #expect(found.services.map(\.key) == services)
        #expect(found.configs.map(\.name) == configs.map { "s_" + $0 })
    }

    @Test("what a Swarm cannot do is refused only in services that are part of the stack")
    func unsupported() {
        #expect(problems(text, profiles: ["*"]).first?.contains("services.debug.gpus: is not supported") == true)
        #expect(problems(text, profiles: ["test"]).isEmpty)
    }

    @Test("a profile that no service has is warned about")
    func unknown() throws {
        #expect(
            try stack(text, profiles: ["tset"]).warnings == [
                "no service has the profile 'tset'; there are: all, debug, test"
            ])
    }

    @Test("files can name their stack; the last one counts")
    func names() throws {
        func name(_ texts: String..., environment: [String: String] = [:]) throws -> String? {
            try ComposeReader.stackName(
                ComposeInput(
                    sources: texts.map { ComposeSource(path: "f.yml", text: $0) }, environment: environment,
                    reader: MemoryFileReader(files: [:]), workingDirectory: "/"))
        }
        #expect(try name("services: {}") == nil)
        #expect(try name("name: a", "name: b", "services: {}") == "b")
        #expect(try name("name: x-${N:-0}", environment: ["N": "7"]) == "x-7")
        #expect(throws: ComposeProblems.self) { try name("name: a b") }
        #expect(throws: ComposeProblems.self) { try name("name: ${A?}") }
        #expect(
            try stack("name: ignored\nservices: {w: {image: 'a:${COMPOSE_PROJECT_NAME}'}}").container?.image == "a:s")
    }
}
