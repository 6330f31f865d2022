import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct ComposeReferencesTests {
    private let text = """
        services:
          web:
            image: "nginx:${TAG:-1.27}"
            env_file: web.env
            command: echo $$HOME $GREETING ${NEEDED:?give it} 5$ ${NEEDED}
          db:
            image: postgres
            env_file:
              - db.env
              - path: "more.env"
        configs:
          page:
            file: ./conf/page.html
          known:
            external: true
        secrets:
          pass: {file: '../pass.txt'}
        """

    @Test("files are found where Compose has them, with their place")
    func files() throws {
        let references = try ComposeReferences(text, path: "c.yml")
        #expect(references.files.map(\.path) == ["./conf/page.html", "../pass.txt", "web.env", "db.env", "more.env"])
        #expect(references.files[0].line == 13)
        #expect(references.files[0].column == 11)
    }

    @Test("variables are found once each, and those that must have a value")
    func variables() throws {
        #expect(
            try ComposeReferences(text, path: "c.yml").variables == [
                .init(name: "TAG", isRequired: false), .init(name: "GREETING", isRequired: false),
                .init(name: "NEEDED", isRequired: true),
            ])
    }

    @Test("a text that is not YAML is refused with line and column")
    func broken() {
        let text = message { _ = try ComposeReferences("services:\n  web: [\n", path: "c.yml") }
        #expect(text.hasPrefix("c.yml:3:"))
        #expect(message { _ = try ComposeReferences("", path: "c.yml") } == "c.yml is empty")
    }

    @Test("files of other folders get plain names, in the text and beside it")
    func flattening() throws {
        let references = try ComposeReferences(text, path: "c.yml")
        let files = try ApplicationFiles(compose: text, references: references.files, path: "c.yml") {
            Array("content of \($0)".utf8)
        }
        #expect(files.files.map(\.name) == ["conf_page.html", "db.env", "more.env", "pass.txt", "web.env"])
        #expect(files.files[0].content == "content of ./conf/page.html")
        #expect(files.compose.contains("    file: conf_page.html\n"))
        #expect(files.compose.contains("pass: {file: 'pass.txt'}"))
        #expect(files.compose.contains("env_file: web.env\n"))
    }

    @Test(
        "what an application cannot hold is refused with its place",
        arguments: [
            ("configs:\n  a:\n    file: ${X}.txt\n", "c.yml:3:11: file '${X}.txt' is named by a variable"),
            ("configs:\n  a: {file: a/b}\n  c: {file: a_b}\n", "would both be called 'a_b'"),
            ("configs:\n  a:\n    file: \"a\\x2fb\"\n", "write the file name 'a/b' on one line"),
        ])
    func refusals(_ text: String, _ words: String) throws {
        let references = try ComposeReferences(text, path: "c.yml")
        #expect(
            message {
                _ = try ApplicationFiles(compose: text, references: references.files, path: "c.yml") { _ in [] }
            }.contains(words))
    }

    @Test("a file that is no text is refused")
    func binary() throws {
        let references = try ComposeReferences("configs:\n  a:\n    file: a.bin\n", path: "c.yml")
        #expect(
            message {
                _ = try ApplicationFiles(
                    compose: "configs:\n  a:\n    file: a.bin\n", references: references.files, path: "c.yml"
                ) { _ in [0xFF, 0] }
            }.contains("not a text in UTF-8"))
    }

    @Test("the same content is recognised, whatever the server has added to it")
    func sameness() {
        let content = ApplicationContent(
            compose: "services: {}", files: [["file-name": "a", "file-content": "x"]],
            variables: [.init(name: "TAG", isRequired: true), .init(name: "NUVLA_ENDPOINT", isRequired: false)])
        let stored = content.document(author: "ada", commit: "first")
        #expect(content.isSame(as: stored.merging(["id": "module-application/1", "created": "2026"])))
        #expect(!content.isSame(as: stored.merging(["docker-compose": "services: {a: {}}"])))
        #expect(!content.isSame(as: stored.merging(["files": []])))
        #expect(!content.isSame(as: stored.filter { $0.key != "environmental-variables" }))
        #expect(stored["environmental-variables"] == [["name": "TAG", "required": true]])
    }

    @Test(
        "a project is named after the login",
        arguments: [("ada@example.org", "ada"), ("admin", "admin"), ("user/1f", "1f"), ("_ö x", "x"), ("", "apps")])
    func project(_ login: String, _ name: String) {
        #expect(ApplicationStore.projectName(login) == name)
    }

    @Test("the newest version that is left is deployed")
    func version() throws {
        #expect(try ApplicationStore.reference(document(#"{"id":"module/1","versions":[{},{},null]}"#)) == "module/1_1")
        #expect(try ApplicationStore.reference(document(#"{"id":"module/1"}"#)) == "module/1")
    }
}
