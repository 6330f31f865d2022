import DockerAPI
import Testing

@testable import RoadsteadCompose

@Suite struct IncludeTests {
    @Test("what is included becomes part of the stack, with paths and variables of its own")
    func included() throws {
        let found = try stack(
            """
            include:
              - db/compose.yml
              - path: [mon/a.yml, mon/b.yml]
                project_directory: elsewhere
                env_file: [vars.env]
            services:
              w: {image: a, depends_on: [db], networks: [back], environment: {V: "${V-none}"}}

            """,
            files: [
                "db/compose.yml":
                    "services: {db: {image: 'pg:${V}', volumes: ['./data:/d'], networks: [back]}}\nnetworks: {back: }\n",
                "db/.env": "V=15\nW=1\n",
                "mon/a.yml": "services: {m: {image: a, volumes: ['./m:/m'], labels: {x: '${V}', y: '${W}'}}}",
                "mon/b.yml": "services: {m: {image: b}}",
                "vars.env": "V=mon\nW=\"q $OUTER\"\n",
            ], environment: ["OUTER": "o", "W": "outer"])
        #expect(found.services.map(\.key) == ["db", "m", "w"])
        #expect(found["db"]?.spec.taskTemplate.containerSpec?.image == "pg:15")
        #expect(found["db"]?.spec.taskTemplate.containerSpec?.mounts?.first?.source == "/dir/db/data")
        let monitor = found["m"]?.spec.taskTemplate.containerSpec
        #expect(monitor?.image == "b:latest" && monitor?.mounts?.first?.source == "/dir/elsewhere/m")
        #expect(monitor?.labels?["x"] == "mon" && monitor?.labels?["y"] == "outer")
        #expect(found["w"]?.spec.taskTemplate.containerSpec?.env == ["V=none"])
        #expect(found.networks.map(\.name) == ["s_back", "s_default"])
    }

    @Test("a later file changes what is included; the same file included twice is no conflict")
    func overridden() throws {
        let files = [
            "x/a.yml": "include: [../c.yml]\nservices: {a: {image: a}}", "c.yml": "services: {c: {image: c}}",
        ]
        let found = try stack(
            "include: [x/a.yml, c.yml]", over: "services: {c: {image: d}, a: {hostname: h}}", files: files)
        #expect(found["c"]?.spec.taskTemplate.containerSpec?.image == "d:latest")
        #expect(found["a"]?.spec.taskTemplate.containerSpec?.hostname == "h")
    }

    @Test(
        "what cannot be included is refused, naming the place",
        arguments: [
            (
                "include: [c.yml]\nservices: {c: {image: other}}",
                "compose.yml:2:12: services.c: the service conflicts with the one that is included from c.yml:1"
            ),
            ("include: [gone.yml]", "compose.yml:1:11: include[0]: cannot read /dir/gone.yml"),
            ("include: [{project_directory: x}]", "include[0]: names no file (say path: FILE)"),
            ("include: ['oci://r/x']", "include[0]: 'oci://r/x' is not a file; only files can be included"),
            ("include: [{path: c.yml, env_file: no.env}]", "include[0]: invalid env file (/dir/no.env)"),
            (
                "include: [{path: c.yml, envfile: x}]",
                "include[0].envfile: Additional property envfile is not allowed (did"
            ),
            ("include: c.yml", "compose.yml:1:10: include: must be a list"),
            (
                "include: [r1.yml]",
                "r2.yml:1:11: include[0]: files include each other in a ring: r1.yml -> r2.yml -> r1.yml"
            ),
            (
                "include: [bad.yml]",
                "bad.yml:3:5: services.b.imgae: Additional property imgae is not allowed (did you mean"
            ),
            ("include: [text.yml]", "text.yml:1:1: top-level object must be a mapping"),
        ])
    func refused(_ text: String, _ message: String) {
        let found = problems(
            text,
            files: [
                "c.yml": "services: {c: {image: c}}", "r1.yml": "include: [r2.yml]", "r2.yml": "include: [r1.yml]",
                "bad.yml": "services:\n  b:\n    imgae: x\n", "text.yml": "hello",
            ])
        #expect(found.count == 1 && found.first?.contains(message) == true, "\(found)")
    }

    @Test("files cannot bring in others without end")
    func endless() {
        var files: [String: String] = [:]
        for number in 0..<300 { files["f\(number).yml"] = "include: [f\(number + 1).yml]" }
        #expect(problems("include: [f0.yml]", files: files).first?.contains("names more than 200 files in all") == true)
    }
}
