import ArgumentParser
import RoadsteadBasics
import RoadsteadCompose
import Testing

@testable import RoadsteadCLI

@Suite struct DeploymentViewTests {
    private static let tasks = document(
        """
        {"stack":"s","services":[
         {"name":"web","mode":"replicated","tasks":[
          {"id":"t1","slot":1,"node":"n1","state":"running","desired":"running","image":"x:1@sha256:0"},
          {"id":"t0","slot":1,"node":"n2","state":"failed","desired":"shutdown","error":"task: non-zero exit (3)"},
          {"id":"t2","slot":2,"node":"n2","state":"pending","desired":"running"}]},
         {"name":"agent","mode":"global","tasks":[{"id":"g1","node":"n1","state":"running","desired":"running"}]}]}
        """)

    @Test("ps shows the newest task of each place, all of them on request, and one service alone")
    func tasks() throws {
        func names(_ services: Set<String>, all: Bool) throws -> [String] {
            try TaskList.rows(Self.tasks, services: services, all: all).map { "\($0.text("name")) \($0.text("id"))" }
        }
        #expect(try names([], all: false) == ["web.1 t1", "web.2 t2", "agent.n1 g1"])
        #expect(try names(["web"], all: true) == ["web.1 t1", "web.1 t0", "web.2 t2"])
        #expect(message { _ = try names(["db"], all: false) }.contains("there are: web, agent"))
        let rows = try TaskList.rows(Self.tasks, services: ["web"], all: true)
        let lines = try TaskList.listing(rows, now: Instant(millisecondsSinceEpoch: 0)).lines(OutputOptions.parse([]))
        #expect(lines[2] == "web.1  n2    failed          shutdown         task: non-zero exit (3)")
    }

    @Test("history marks the revision that is deployed, and says which one a rollback brought back")
    func history() throws {
        let revisions = [
            document(
                #"{"id":"deployment-revision/3","revision":3,"operation":"rollback","restored":1,"created-by":"user/ada","outcome":"succeeded","module":{"version":0},"images":{"web":"x:1@sha256:0"}}"#
            ),
            document(#"{"id":"deployment-revision/2","revision":2,"operation":"update","images":{"web":"x:2"}}"#),
        ]
        let lines = try History.listing(revisions, current: 3, now: Instant(millisecondsSinceEpoch: 0))
            .lines(OutputOptions.parse([]))
        #expect(lines[1].hasPrefix("3 *") && lines[1].contains("rollback of 1") && lines[1].hasSuffix("web=x:1"))
        #expect(lines[2].hasPrefix("2 ") && lines[2].hasSuffix("web=x:2"))
    }

    @Test("a difference has its surroundings, and says what was left out")
    func difference() {
        let old = (1...20).map(String.init).joined(separator: "\n")
        let new = old.replacing("\n10\n", with: "\nten\n")
        #expect(
            TextDifference(from: old, to: new).text(context: 1) == ["...", "  9", "- 10", "+ ten", "  11", "..."])
        #expect(TextDifference(from: old, to: old).isEmpty)
        #expect(TextDifference(from: "", to: "a\nb\n").text() == ["+ a", "+ b"])
    }

    @Test("what a secret is made of, and what a variable is set to, is compared and not shown")
    func hidden() throws {
        let deployment = document(
            """
            {"module":{"content":{"id":"module-application/1","docker-compose":"a\\n","secret-files":[
              {"file-name":"key","digest":"\(SecretFileDigest.make("old-secret", name: "key", version: "module-application/1"))"},
              {"file-name":"same","digest":"\(SecretFileDigest.make("same", name: "same", version: "module-application/1"))"},
              {"file-name":"unknown"}],
             "files":[{"file-name":"page","file-content":"one\\n"}],"environmental-variables":[{"name":"PASSWORD","value":"old-word"}]}}}
            """)
        var content = ApplicationContent(
            compose: "a\n",
            files: [
                ["file-name": "key", "file-content": "new-secret"], ["file-name": "page", "file-content": "two\n"],
                ["file-name": "same", "file-content": "same"], ["file-name": "unknown", "file-content": "x"],
            ], variables: [])
        content.secretFiles = ["key", "same", "unknown"]
        let local = LocalApplication(
            file: "compose.yml", content: content, values: ["PASSWORD": "new-word"], warnings: [])
        #expect(
            Diff.difference(deployment, local, .plain).lines == [
                "file key", "  differs", "file page", "- one", "+ two",
                "file unknown", "  is a secret's: only who may edit learns whether it differs",
                "variables", "  PASSWORD: differs",
            ])
    }

    @Test(
        "a search for applications is one filter",
        arguments: [
            ([], "subtype!='project'"),
            (
                ["web", "shop*", "--tag", "it's", "--published", "--project", "lab"],
                #"subtype!='project' and fulltext=='+web +shop*' and tags="it's" and path^='lab/' and published=true"#
            ),
        ] as [([String], String)])
    func search(_ arguments: [String], _ filter: String) throws {
        #expect(try AppList.parse(arguments).filter() == filter)
    }
}
