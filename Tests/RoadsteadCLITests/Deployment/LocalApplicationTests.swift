import ArgumentParser
import DockerAPI
import RoadsteadBasics
import RoadsteadCompose
import Testing

@testable import RoadsteadCLI

@Suite struct LocalApplicationTests {
    @Test("values come from --env, then the environment, then the files, as with docker compose")
    func precedence() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("compose.yaml", "services: {a: {image: x, command: \"$A $B $C $D $E\"}}")
        try folder.write(".env", "A=file\nB=file\nC=file\nUNUSED=x\n")
        let variables = try VariableInput.parse(["-e", "A=given"])
        let local = try await LocalApplication.read(
            file, extraFiles: [], variables: variables,
            environment: ["A": "outer", "B": "outer", "D": "outer", "F": "x"])
        #expect(local.values == ["A": "given", "B": "outer", "C": "file", "D": "outer"])
        let named = try folder.write("other.env", "B=other\nE=other\n")
        let second = try await LocalApplication.read(
            file, extraFiles: [], variables: try VariableInput.parse(["--env-file", named]), environment: ["B": "outer"]
        )
        #expect(second.values == ["B": "outer", "E": "other"])
    }

    @Test("-f may be a folder, whose Compose file is found by the usual names in their order")
    func folders() throws {
        let folder = try TemporaryFolder()
        #expect(message { _ = try ComposeFolder.resolved(folder.path) }.contains("there is no Compose file in"))
        try folder.write("docker-compose.yml", "")
        #expect(try ComposeFolder.resolved(folder.path) == folder.path + "/docker-compose.yml")
        try folder.write("compose.yaml", "")
        #expect(try ComposeFolder.resolved(folder.path + "/") == folder.path + "/compose.yaml")
        #expect(try ComposeFolder.resolved("-") == "-")
    }

    @Test("beside the Compose file of a folder its override counts, and COMPOSE_FILE names others")
    func overrides() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("compose.yaml", "")
        #expect(try ComposeFolder.files([folder.path], [:]) == [file])
        let override = try folder.write("compose.override.yaml", "")
        #expect(try ComposeFolder.files([folder.path], [:]) == [file, override])
        // Who names the file means it alone.
        #expect(try ComposeFolder.files([file], [:]) == [file])
        #expect(try ComposeFolder.files([], ["COMPOSE_FILE": "a.yml:b.yml"]) == ["a.yml", "b.yml"])
        #expect(
            try ComposeFolder.files([], ["COMPOSE_FILE": "a.yml;b.yml", "COMPOSE_PATH_SEPARATOR": ";"]) == [
                "a.yml", "b.yml",
            ])
    }

    @Test("what is built is read where the files are, with the values that are deployed; the rest is no part of it")
    func build() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "shop/compose.yaml",
            """
            services:
              web: {image: "r.example/web:$TAG", build: {context: ./src, args: [WHO, FROM_FILE]}}
              db: {image: db}
              debug: {image: "r.example/debug:1", build: ../debug, profiles: [debug]}
            """)
        try folder.write("shop/.env", "TAG=file\nFROM_FILE=x\n")
        let variables = try VariableInput.parse(["-e", "TAG=given"])
        let environment = ["WHO": "me"]
        let local = try await LocalApplication.read(
            file, extraFiles: [], variables: variables, builds: true, environment: environment)
        #expect(local.warnings.isEmpty)
        let stack = try await local.stackToBuild(variables, profiles: [], environment: environment)
        #expect(stack.services.map(\.key) == ["web"])
        #expect(stack.services[0].spec.taskTemplate.containerSpec?.image == "r.example/web:given")
        let build = try #require(stack.services[0].build)
        #expect(build.context == folder.path + "/shop/src")
        #expect(build.arguments == ["WHO": "me", "FROM_FILE": "x"])
        let more = try await local.stackToBuild(variables, profiles: ["debug"], environment: environment)
        #expect(more.services.map { $0.build?.context } == [folder.path + "/debug", folder.path + "/shop/src"])
        let unbuilt = try await LocalApplication.read(
            file, extraFiles: [], variables: variables, environment: environment)
        #expect(unbuilt.warnings.contains { $0.contains("deploy --build") })
    }

    @Test("what only a build could not do is told before any server is asked")
    func unbuildable() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "compose.yaml", "services: {web: {image: x, build: {context: ., privileged: true}}}")
        let variables = try VariableInput.parse([])
        _ = try await LocalApplication.read(file, extraFiles: [], variables: variables, environment: [:])
        await #expect(throws: RoadsteadError.self) {
            try await LocalApplication.read(
                file, extraFiles: [], variables: variables, builds: true, environment: [:])
        }
    }

    @Test("a file of variables may hold more than the text uses, --env may not")
    func unused() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("compose.yaml", "services: {a: {image: \"x:$TAG\"}}")
        let env = try folder.write("prod.env", "TAG=1\nOTHER=2\n")
        let variables = try VariableInput.parse(["--env-file", env])
        let local = try await LocalApplication.read(file, extraFiles: [], variables: variables, environment: [:])
        #expect(local.values == ["TAG": "1"])
        await #expect(throws: RoadsteadError.self) {
            _ = try await LocalApplication.read(
                file, extraFiles: [], variables: try VariableInput.parse(["-e", "OTHER=2"]), environment: [:])
        }
    }

    @Test(
        "the files' own name and the wanted profiles are known, and relative bind mounts are refused with their place")
    func nameAndProfiles() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "compose.yaml", "name: shop\nservices: {a: {image: x, depends_on: [b]}, b: {image: y, profiles: [p]}}")
        func read(_ overrides: [String], _ profiles: [String]) async throws -> LocalApplication {
            try await LocalApplication.read(
                file, overrides: overrides, extraFiles: [], variables: try VariableInput.parse([]),
                profiles: profiles, environment: [:])
        }
        #expect(try await read([], ["p"]).stackName == "shop")
        await #expect(throws: RoadsteadError.self) { _ = try await read([], []) }
        let other = try folder.write("other.yaml", "name: other\nservices: {b: {volumes: ['./html:/www']}}")
        let refused = await #expect(throws: RoadsteadError.self) { _ = try await read([other], ["p"]) }
        #expect(refused?.message.contains("./html") == true && refused?.message.contains("absolute path") == true)
    }

    @Test("several files become one application, merged in their order, paths counted from the first")
    func several() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "compose.yaml", "x-roadstead: {description: One.}\nservices: {a: {image: x, env_file: a.env}}")
        let second = try folder.write("over/more.yaml", "services: {a: {image: \"y:${TAG}\"}, b: {image: z}}")
        try folder.write("a.env", "A=1\n")
        let local = try await LocalApplication.read(
            file, overrides: [second], extraFiles: [], variables: try VariableInput.parse(["-e", "TAG=2"]),
            environment: [:])
        #expect(local.content.manifest.metadata == ["description": "One."] && local.values == ["TAG": "2"])
        let names = local.content.files.compactMap { $0["file-name"]?.stringValue }
        #expect(names == ["a.env", "compose.yaml", "over_more.yaml"])
        let input = ComposeInput(
            sources: [ComposeSource(path: "docker-compose.yaml", text: local.content.compose)],
            environment: local.values,
            reader: MemoryFileReader(files: local.content.fileBytes), workingDirectory: "/")
        let stack = try ComposeReader.desiredStack(input, stackName: "s")
        #expect(stack.services.map(\.key) == ["a", "b"])
        #expect(stack.services[0].spec.taskTemplate.containerSpec?.image == "y:2")
        #expect(stack.services[0].spec.taskTemplate.containerSpec?.env == ["A=1"])
    }
}
