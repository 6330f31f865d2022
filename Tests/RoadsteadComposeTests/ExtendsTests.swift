import DockerAPI
import Testing

@testable import RoadsteadCompose

@Suite struct ExtendsTests {
    @Test("a service takes over what another of the file says, and says what it changes")
    func sameFile() throws {
        let found = try stack(
            """
            services:
              base:
                image: a
                user: root
                environment: {TZ: utc, PORT: 80}
                volumes: ['/x:/data']
                cap_add: [NET_ADMIN]
              mid:
                extends: base
                user: nobody
              w:
                extends: {service: mid}
                environment: [PORT=8080]
                volumes: ['/y:/data:ro']
                cap_add: [SYS_TIME]

            """)
        let container = found["w"]?.spec.taskTemplate.containerSpec
        #expect(found["w"]?.spec.name == "s_w" && container?.image == "a:latest" && container?.user == "nobody")
        #expect(container?.env == ["PORT=8080", "TZ=utc"])
        #expect(container?.mounts == [Mount(type: "bind", source: "/y", target: "/data", readOnly: true)])
        #expect(container?.capabilityAdd == ["CAP_NET_ADMIN", "CAP_SYS_TIME"])
    }

    @Test("a service of another file counts paths from there; env files of neither win over an environment")
    func otherFile() throws {
        let found = try service(
            "extends: {file: common/base.yml, service: b}\nenv_file: own.env",
            files: [
                "common/base.yml":
                    "services: {b: {environment: {A: base}, env_file: b.env, volumes: ['./v:/v'], extends: {file: deep.yml, service: d}}}",
                "common/deep.yml": "services: {d: {hostname: h, command: [run]}}",
                "common/b.env": "A=file\nB=file\n", "own.env": "A=own\nB=own\n",
            ])
        #expect(found.container?.env == ["A=base", "B=own"])
        #expect(found.container?.mounts?.first?.source == "/dir/common/v")
        #expect(found.container?.hostname == "h" && found.container?.args == ["run"])
    }

    @Test("platforms and files at one place are replaced; one config at two places stays two")
    func replaced() throws {
        let found = try stack(
            """
            services:
              base: {image: a, platform: linux/arm64, configs: [a], secrets: [{source: a, target: z}]}
              w:
                extends: base
                platform: linux/amd64
                configs: [{source: a, target: /q}]
                secrets: [{source: b, target: z}]
            configs: {a: {external: true}}
            secrets: {a: {external: true}, b: {external: true}}

            """)
        let task = found["w"]?.spec.taskTemplate
        #expect(task?.placement?.constraints == ["node.platform.os == linux", "node.platform.arch == x86_64"])
        #expect(task?.containerSpec?.configs?.compactMap(\.file?.name) == ["/q", "a"])
        #expect(task?.containerSpec?.secrets?.map(\.secretName) == ["b"])
    }

    @Test("dependencies and profiles are taken over")
    func dependencies() throws {
        let text = "services: {b: {image: a, profiles: [p], depends_on: [d]}, d: {image: a}, w: {extends: b}}"
        #expect(try stack(text).services.map(\.key) == ["d"])
        #expect(try stack(text, profiles: ["p"])["w"]?.dependencies == [ServiceDependency(key: "d")])
    }

    @Test(
        "what cannot be extended is refused, naming file, line and path",
        arguments: [
            (
                "extends: nope",
                "compose.yml:4:14: services.w.extends: cannot extend service \"nope\": compose.yml has no "
            ),
            ("extends: w", "4:14: services.w.extends: services extend each other in a ring: w -> w"),
            ("extends: {file: f.yml, service: wev}", "f.yml has no such service (did you mean web?)"),
            ("extends: {file: gone.yml, service: b}", "4:14: services.w.extends: cannot read /dir/gone.yml"),
            ("extends: {file: f.yml}", "4:14: services.w.extends: service is required"),
            ("extends: {file: bad.yml, service: b}", "bad.yml:2:7: services.b.imgae: Additional property imgae"),
            ("extends: {file: ring.yml, service: r}", "ring.yml:1:25: services.r.extends: services extend each other"),
            ("extends: {file: net.yml, service: n}", "net.yml:1:27: services.n.networks[0]: undefined network \"x\""),
            ("extends: {file: yaml.yml, service: n}", "yaml.yml:1:4: yaml: "),
        ])
    func refused(_ lines: String, _ message: String) {
        let found = problems(
            serviceText(lines),
            files: [
                "f.yml": "services: {web: {image: a}}", "bad.yml": "services:\n  b: {imgae: x}\n",
                "ring.yml": "services: {r: {extends: {file: ring.yml, service: r}}}",
                "net.yml": "services: {n: {networks: [x]}}", "yaml.yml": "a: *x\n",
            ])
        #expect(found.count == 1 && found.first?.contains(message) == true, "\(found)")
    }

    @Test("what a Swarm cannot do counts only where it ends up")
    func findings() throws {
        let files = ["f.yml": "services: {a: {privileged: true}, b: {gpus: all}}"]
        let found = try service("extends: {file: f.yml, service: a}", files: files)
        #expect(found.warnings.count == 1 && found.warnings[0].hasPrefix("services.a.privileged is ignored"))
    }
}
