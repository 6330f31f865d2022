import RoadsteadBasics
import RoadsteadCompose
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
        #expect(files.files[0].content == "content of conf/page.html")
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

    @Test("files that secrets are made of are sent apart, and recognised by their digests")
    func secretSameness() {
        var content = ApplicationContent(
            compose: "services: {}",
            files: [["file-name": "a", "file-content": "x"], ["file-name": "token", "file-content": "hush"]],
            variables: [])
        content.secretFiles = ["token"]
        let sent = content.document(author: "ada", commit: "first")
        #expect(sent["files"] == [["file-name": "a", "file-content": "x"]])
        #expect(sent["secret-files"] == [["file-name": "token", "file-content": "hush"]])
        func stored(_ files: JSONValue) -> JSONObject {
            sent.merging(["id": "module-application/1", "secret-files": files])
        }
        let digest = SecretFileDigest.make("hush", name: "token", version: "module-application/1")
        #expect(content.isSame(as: stored([["file-name": "token", "digest": .string(digest)]])))
        for other: JSONValue in [
            [["file-name": "token", "digest": "0"]], [["file-name": "token"]], [],
            [["file-name": "token", "digest": .string(digest)], ["file-name": "more", "digest": "0"]],
        ] { #expect(!content.isSame(as: stored(other)), "\(other)") }
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

    @Test("an include's file of variables comes along, and its project directory counts")
    func longIncludes() throws {
        let text = "include: [{path: db/compose.yml, project_directory: data, env_file: db/prod.env}]\n"
        let references = try ComposeReferences(text, path: "c.yml")
        let texts = [
            "db/compose.yml": "services: {db: {image: x, env_file: db.env}}", "db/prod.env": "A=1",
            "data/db.env": "B=2",
        ]
        let files = try ApplicationFiles(compose: text, references: references.files, path: "c.yml") {
            path throws(RoadsteadError) in
            guard let text = texts[path] else { throw RoadsteadError(.notFound, path) }
            return Array(text.utf8)
        }
        #expect(files.files.map(\.name) == ["data_db.env", "db_compose.yml", "db_prod.env"])
        #expect(
            files.compose == "include: [{path: db_compose.yml, project_directory: ., env_file: db_prod.env}]\n")
    }

    @Test("a .env that counts by its place alone is refused, and not lost in silence")
    func implicitVariables() throws {
        let text = "include: [db/compose.yml]\n"
        let references = try ComposeReferences(text, path: "c.yml")
        let refused = message {
            _ = try ApplicationFiles(compose: text, references: references.files, path: "c.yml") { path in
                Array((path.hasSuffix(".yml") ? "services: {db: {image: x}}" : "A=1").utf8)
            }
        }
        #expect(refused.contains("c.yml:1:") && refused.contains("env_file: db/.env"))
    }

    @Test("files that are included or extended come along with what they name, each path rewritten in its own text")
    func nested() throws {
        let text = """
            include: [parts/db.yaml, {path: [more.yaml]}]
            services:
              web: {extends: {file: base/web.yaml, service: web}, env_file: [{path: gone.env, required: false}]}
            """
        let disk = [
            "parts/db.yaml":
                "include: [../more.yaml]\nservices: {db: {image: \"x:${DB_TAG:?which}\", env_file: db.env}}\n",
            "parts/db.env": "A=1", "more.yaml": "secrets: {s: {file: ./keys/s}, t: {environment: TOKEN}}",
            "keys/s": "k",
            "base/web.yaml": "services: {web: {image: y, label_file: l, environment: [FROM, B=1],"
                + " security_opt: [seccomp=./p.json, 'seccomp:q.json', seccomp=unconfined]}}", "base/l": "a=b",
            "base/p.json": "{}", "base/q.json": "{ }",
        ]
        let references = try ComposeReferences(text, path: "c.yml")
        let files = try ApplicationFiles(compose: text, references: references.files, path: "c.yml") {
            path throws(RoadsteadError) in
            guard let content = disk[path] else { throw RoadsteadError(.invalidInput, "there is no file \(path)") }
            return Array(content.utf8)
        }
        #expect(
            files.files.map(\.name) == [
                "base_l", "base_p.json", "base_q.json", "base_web.yaml", "keys_s", "more.yaml", "parts_db.env",
                "parts_db.yaml",
            ])
        #expect(
            files.compose.contains("[parts_db.yaml, {path: [more.yaml]}]")
                && files.compose.contains("file: base_web.yaml"))
        let texts = Dictionary(uniqueKeysWithValues: files.files.map { ($0.name, $0.content) })
        #expect(texts["parts_db.yaml"]?.contains("include: [more.yaml]") == true)
        #expect(texts["parts_db.yaml"]?.contains("env_file: parts_db.env") == true)
        #expect(texts["base_web.yaml"]?.contains("label_file: base_l") == true)
        let profiles = "[seccomp=base_p.json, 'seccomp:base_q.json', seccomp=unconfined]"
        #expect(texts["base_web.yaml"]?.contains("security_opt: " + profiles) == true)
        #expect(files.secrets == ["keys_s"])
        #expect(Set(files.variables.map(\.name)) == ["DB_TAG", "TOKEN", "FROM"])
        #expect(files.variables.filter(\.isRequired).map(\.name).sorted() == ["DB_TAG", "TOKEN"])
    }
}
