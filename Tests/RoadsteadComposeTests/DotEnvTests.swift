import DockerAPI
import Testing

@testable import RoadsteadCompose

@Suite struct DotEnvTests {
    @Test(
        "values are read as Compose reads them",
        arguments: [
            ("A=b", "b"), ("A=b # c", "b"), ("A=b# c", "b# c"), ("A=", ""), ("A= b ", "b"), ("export A=b", "b"),
            ("A='$X'", "$X"), ("A='it\\'s'", "it's"), ("A=\"a\\tb\\n\\\"c\\\" \\\\\"", "a\tb\n\"c\" \\"),
            ("A=\"x # y\" # z", "x # y"), ("A=$X", "x"), ("A=${NO:-d}", "d"), ("A=\"${X}y\"", "xy"),
            ("A=\"\\$X\"", "$X"),
            ("B=1\nA=${B}2", "12"), ("X=file\nA=$X", "x"), ("A=p$", "p$"), ("A=a\\tb", "a\\tb"),
            ("A=\"two\nlines\"", "two\nlines"), ("\u{FEFF}A=b", "b"), ("A=b\r\n", "b"), ("# c\n\n  A=b", "b"),
            ("A=1\nA=2", "2"), ("A=#secret", "#secret"), ("A= # c", "# c"), ("A=b\t# c", "b\t# c"),
            ("A=\"$X costs $5\"", "x costs $5"),
            ("A=pa$$w", "pa$w"), ("A=\"$X\\$5 \\\\ ${NO:-$5}\"", "x$5 \\ $5"), ("A=$ $X", "$ x"),
        ])
    func values(_ text: String, _ value: String) throws {
        #expect(try DotEnv(text, environment: ["X": "x"]).values["A"] == value)
    }

    @Test("a name alone takes the caller's value, and is nothing where there is none")
    func bare() throws {
        #expect(try DotEnv("X\nY\n", environment: ["X": "x"]).values == ["X": "x"])
    }

    @Test(
        "what cannot be read is refused with its line, without the value",
        arguments: [
            ("A=1\nB=\"secret\n", "line 2: the quote \" is not closed"),
            ("A='x' secret", "line 1: there is text behind the closing quote"),
            ("1A=x", "line 1: what stands before '=' is not the name"),
            ("KEY=-----BEGIN\nsecret/line+two==", "line 2: what stands before '=' is not the name"),
            ("A=\"${X secret\"", "line 1: the value has a '${' that begins no variable"),
            ("A=${B?}", "line 1: required variable B is missing a value"),
        ])
    func refused(_ text: String, _ message: String) {
        let failure = #expect(throws: DotEnv.Failure.self) { try DotEnv(text, environment: [:]) }
        #expect(failure?.description.contains(message) == true)
        #expect(failure?.description.contains("secret") == false)
    }

    @Test("values that double each other end at a limit")
    func bomb() {
        let text = "A=xxxxxxxxxxxxxxxx\n" + repeatElement("A=$A$A\n", count: 60).joined()
        #expect(throws: DotEnv.Failure.self) { try DotEnv(text, environment: [:]) }
    }

    @Test("env_file: in its long form quotes and variables count, raw and the short form take lines as they are")
    func envFile() throws {
        let files = ["a.env": "A='q'\nB=$X\n"]
        func env(_ lines: String) throws -> [String]? {
            try service("env_file: " + lines, files: files, environment: ["X": "x"]).container?.env
        }
        #expect(try env("a.env") == ["A='q'", "B=$X"])
        #expect(try env("[{path: a.env}]") == ["A=q", "B=x"])
        #expect(try env("[{path: a.env, format: raw}]") == ["A='q'", "B=$X"])
        #expect(try env("[{path: a.env}, {path: gone.env, required: false}]") == ["A=q", "B=x"])
        #expect(throws: ComposeProblems.self) { try env("[{path: gone.env}]") }
    }

    @Test("env_file: in its long form an empty value is empty; in docker's short form it takes the caller's")
    func emptyValue() throws {
        func env(_ lines: String) throws -> [String]? {
            try service(
                "env_file: " + lines, files: ["a.env": "DEBUG=\nNAME\n"], environment: ["DEBUG": "1", "NAME": "n"]
            )
            .container?.env
        }
        #expect(try env("a.env") == ["DEBUG=1", "NAME=n"])
        #expect(try env("[{path: a.env}]") == ["DEBUG=", "NAME=n"])
        #expect(try env("[{path: a.env, format: raw}]") == ["DEBUG=", "NAME=n"])
    }

    @Test("values quote what earlier files say, and what the service says itself")
    func earlierFiles() throws {
        #expect(
            try DotEnv("B=$A\nA\n", environment: [:], earlier: ["A": "a", "C": "c"]).values == ["B": "a", "A": "a"])
        let files = [
            "a.env": "HOST=x\nW=$A\n", "b.env": "URL=http://${HOST}\nA=file\nQ=${S}\n",
            "inc.yml": "services: {i: {image: 'a:${URL}'}}", "c.env": "URL=v${HOST}\n",
        ]
        let found = try service(
            "env_file: [{path: a.env}, {path: b.env}]\nenvironment: {A: own, S: svc}",
            top: "include: [{path: inc.yml, env_file: [a.env, c.env]}]\n", files: files)
        #expect(
            found["w"]?.spec.taskTemplate.containerSpec?.env == [
                "A=own", "HOST=x", "Q=svc", "S=svc", "URL=http://x", "W=own",
            ])
        #expect(found["i"]?.spec.taskTemplate.containerSpec?.image == "a:vx")
    }

    @Test("label_file: its labels stand under those of the service")
    func labelFile() throws {
        let labels = try service("label_file: [l]\nlabels: {b: own}", files: ["l": "a=1\nb=2\n"]).container?.labels
        #expect(labels?["a"] == "1" && labels?["b"] == "own")
    }
}
