import ArgumentParser
import Testing

@testable import RoadsteadCLI

@Suite struct CommandLineTests {
    @Test("every command says what it is for, in a sentence, and its help fits a terminal")
    func help() {
        var commands: [any ParsableCommand.Type] = RoadsteadCommands.all
        var seen = 0
        while let command = commands.popLast() {
            let abstract = command.configuration.abstract
            #expect(abstract.count > 10 && abstract.count < 110 && abstract.last == ".", "\(command): \(abstract)")
            // The parser does not break usage lines.
            let lines = command.helpMessage(columns: 80).split(separator: "\n").filter { !$0.hasPrefix("USAGE") }
            #expect(lines.allSatisfy { $0.count <= 80 }, "\(command)")
            commands += command.configuration.subcommands
            seen += 1
        }
        #expect(seen >= 25)
    }

    @Test("deploy takes a file, variables and a time")
    func deploy() throws {
        let command = try #require(
            TestRoot.parseAsRoot([
                "deploy", "-f", "compose.yml", "--to", "lab", "-e", "A=1", "--env", "B", "--timeout", "1m30s", "-o",
                "json",
            ]) as? Deploy)
        #expect(command.input.file == ["compose.yml"] && command.input.target == "lab")
        #expect(command.input.variables.assignments == ["A=1", "B"])
        #expect(command.timeout?.seconds == 90)
        #expect(command.output.output == .json)
    }

    @Test(
        "what is built is a Compose file of here, and no plan can approve images that are not there yet",
        arguments: [["deploy", "shop"], ["plan", "shop"], ["deploy", "-f", "c.yml", "--plan-id", "1"]])
    func builds(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try TestRoot.parseAsRoot(arguments + ["--build"]) }
        #expect(throws: Never.self) { try TestRoot.parseAsRoot(arguments) }
        #expect(throws: Never.self) { try TestRoot.parseAsRoot(["deploy", "-f", "c.yml", "--build"]) }
    }

    @Test(
        "spans of time",
        arguments: [
            ("90", 90), ("90s", 90), ("5m", 300), ("1h30m", 5400), ("", nil), ("0", nil), ("5x", nil), ("m", nil),
            ("1m5", nil),
        ] as [(String, Int?)])
    func spans(_ text: String, _ seconds: Int?) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }

    @Test(
        "an API key's lifetime may be in days",
        arguments: [("30d", 2_592_000), ("12h", 43_200), ("0d", nil), ("d", nil)] as [(String, Int?)])
    func lifetimes(_ text: String, _ seconds: Int?) {
        #expect(KeyLifetime(argument: text)?.seconds == seconds)
    }

    @Test("stack deploy takes docker's own command lines")
    func stackDeploy() throws {
        let command = try #require(
            TestRoot.parseAsRoot(
                DockerArguments.normalised([
                    "stack", "deploy", "-c", "a.yml", "--compose-file", "b.yml", "--prune", "--resolve-image", "never",
                    "--with-registry-auth=true", "--detach=false", "shop",
                ])) as? StackDeploy)
        #expect(command.files.composeFile == ["a.yml", "b.yml"])
        #expect(command.files.prune && command.files.withRegistryAuth && !command.detach)
        #expect(command.stack == "shop")
    }

    @Test("other commands and names behind -- keep their arguments as they are")
    func untouched() {
        for arguments in [
            ["deploy", "--detach=false"], ["stack", "rm", "--", "--detach=false"], ["stack", "deploy", "--detach=x"],
        ] {
            #expect(DockerArguments.normalised(arguments) == arguments)
        }
    }

    @Test("only a local socket and plain TCP go without TLS")
    func plain() {
        #expect(!InfraAdd.speaksTLS("unix:///var/run/docker.sock"))
        #expect(!InfraAdd.speaksTLS("tcp://10.0.0.1:2375"))
        #expect(InfraAdd.speaksTLS("https://10.0.0.1:2376"))
        #expect(InfraAdd.speaksTLS("10.0.0.1:2376"))
    }
}
