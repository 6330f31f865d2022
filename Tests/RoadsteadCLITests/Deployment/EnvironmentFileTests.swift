import ArgumentParser
import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct EnvironmentFileTests {
    @Test(
        "values are read as people write them",
        arguments: [
            ("A=1", "1"), ("A = 1 ", "1"), ("export A=1", "1"), ("A=", ""), ("A=a b", "a b"), ("A=x # comment", "x"),
            ("A=x#y", "x#y"), ("A='x # y'", "x # y"), ("A='a\\nb'", "a\\nb"), ("A=\"a\\nb\\\"c\\$d\"", "a\nb\"c$d"),
            ("A=\"two\nlines\" # why", "two\nlines"), ("\n# first\n\nA=1\r\n", "1"), ("A=1\nA=2", "2"),
            ("A=b=c", "b=c"), ("A='$B'", "$B"),
        ])
    func values(_ text: String, _ value: String) throws {
        #expect(try EnvironmentFile(text, path: ".env", environment: [:]).values == ["A": value])
    }

    @Test("a name alone takes what the environment has")
    func inherited() throws {
        let file = try EnvironmentFile("A\nB\n", path: ".env", environment: ["A": "outer"])
        #expect(file.values == ["A": "outer"])
    }

    @Test("values may quote earlier ones and the environment")
    func variables() throws {
        let file = try EnvironmentFile("A=1\nB=${A}-$C-${D:-x}\n", path: ".env", environment: ["C": "2"])
        #expect(file.values["B"] == "1-2-x")
    }

    @Test(
        "what is wrong is named with its line",
        arguments: [
            ("A=1\n2B=x", ".env:2:"), ("A=1\nB='x\n\n", ".env:2: the quote"), ("A='x' y", ".env:1: there is text"),
            ("=x", ".env:1:"),
        ])
    func refusals(_ text: String, _ words: String) {
        #expect(message { _ = try EnvironmentFile(text, path: ".env", environment: [:]) }.contains(words))
    }

    @Test("later files win over earlier ones, assignments over files, names take from the environment")
    func order() throws {
        let folder = try TemporaryFolder()
        let first = try folder.write("a.env", "A=1\nB=1\nC=1")
        let second = try folder.write("b.env", "B=2\nC=2\nE=${A}x")
        let input = try VariableInput.parse(["--env-file", first, "--env-file", second, "--env", "C=3", "-e", "D"])
        #expect(try input.values(["D": "4"]) == ["A": "1", "B": "2", "C": "3", "D": "4", "E": "1x"])
        #expect(message { _ = try input.values([:]) }.contains("--env D"))
    }
}
