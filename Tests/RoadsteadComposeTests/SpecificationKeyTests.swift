import DockerAPI
import Foundation
import Testing

@testable import RoadsteadCompose

/// Keys of today's specification that docker's stacks did not have.
@Suite struct SpecificationKeyTests {
    @Test("the keys of single containers become deploy's")
    func olderResources() throws {
        let spec = try service("scale: 3\ncpus: 0.5\nmem_limit: 64m\nmem_reservation: 32m\npids_limit: '20'").first
        #expect(spec?.mode == .replicated(3))
        #expect(
            spec?.taskTemplate.resources
                == ResourceRequirements(
                    limits: ResourceAmounts(nanoCPUs: 500_000_000, memoryBytes: 64 << 20, pids: 20),
                    reservations: ResourceAmounts(memoryBytes: 32 << 20)))
        #expect(try service("scale: 2\ndeploy: {replicas: 2}").first?.mode == .replicated(2))
    }

    @Test("a platform is what nodes must be")
    func platform() throws {
        #expect(
            try service("platform: linux/arm64").first?.taskTemplate.placement?.constraints == [
                "node.platform.os == linux", "node.platform.arch == aarch64",
            ])
        #expect(
            try service("platform: linux").first?.taskTemplate.placement?.constraints == ["node.platform.os == linux"])
    }

    @Test("swap is what is beside the memory, and needs a limit of that")
    func swap() throws {
        func resources(_ lines: String) throws -> ResourceRequirements? {
            try service(lines).first?.taskTemplate.resources
        }
        let found = try resources("memswap_limit: 1g\nmem_limit: 512m\nmem_swappiness: 0")
        #expect(found?.swapBytes == 512 << 20 && found?.memorySwappiness == 0)
        #expect(try resources("memswap_limit: -1\nmem_limit: 512m")?.swapBytes == -1)
        #expect(try resources("memswap_limit: 0")?.swapBytes == nil)
        #expect(try resources("mem_swappiness: '60'")?.limits == ResourceAmounts())
        for (lines, message) in [
            ("memswap_limit: 1g", "services.w.memswap_limit: needs a limit of the memory beside it"),
            ("memswap_limit: 64m\nmem_limit: 1g", "the memory alone may have 1073741824"),
            ("mem_swappiness: 101", "101 is no swappiness"),
        ] {
            #expect(problems(serviceText(lines)).first?.contains(message) == true)
        }
    }

    @Test("tmpfs is a mount with size and mode; what a Swarm cannot say of it is warned about")
    func tmpfs() throws {
        let found = try service("tmpfs: ['/run:size=64m,mode=1777,exec,ro,uid=5', /tmp]\nvolumes: [/data]")
        #expect(
            found.container?.mounts == [
                Mount(type: "volume", target: "/data"),
                Mount(
                    type: "tmpfs", target: "/run", readOnly: true,
                    tmpfsOptions: TmpfsOptions(sizeBytes: 64 << 20, mode: 0o1777, options: [["exec"]])),
                Mount(type: "tmpfs", target: "/tmp"),
            ])
        #expect(
            found.warnings == ["services.w.tmpfs[0] is not wholly honoured: a Swarm cannot say 'uid=5' of a tmpfs"])
        #expect(try service("tmpfs: /run").container?.mounts == [Mount(type: "tmpfs", target: "/run")])
    }

    @Test("security_opt becomes privileges; what a Swarm cannot say is warned about")
    func security() throws {
        let found = try service(
            "security_opt: ['no-new-privileges:true', 'seccomp=./p.json', 'apparmor:unconfined', 'label=type:t', "
                + "'systempaths=unconfined']", files: ["p.json": "{}"])
        #expect(
            found.container?.privileges
                == Privileges(
                    seLinuxContext: Privileges.SELinuxContext(type: "t"),
                    seccomp: Privileges.Seccomp(mode: "custom", profile: Data("{}".utf8)),
                    appArmor: Privileges.AppArmor(mode: "disabled"), noNewPrivileges: true))
        #expect(
            found.warnings == ["services.w.security_opt[4] is ignored: a Swarm cannot say 'systempaths=unconfined'"])
        #expect(try service("security_opt: [seccomp:unconfined]").container?.privileges?.seccomp?.mode == "unconfined")
        #expect(
            problems(serviceText("security_opt: [seccomp=gone.json]")).first?.contains("cannot read /dir/gone.json")
                == true)
        let merged = try stack(
            serviceText("security_opt: [no-new-privileges]"),
            over: "services: {w: {security_opt: ['no-new-privileges=false', label=disable]}}")
        #expect(
            merged.container?.privileges
                == Privileges(seLinuxContext: Privileges.SELinuxContext(disable: true)))
    }

    @Test("names of ports and binds without the mounts below are handed on")
    func odds() throws {
        let found = try service(
            "ports: [{target: 80, name: http}]\nvolumes: [{type: bind, source: /a, target: /b, bind: {recursive: disabled}}, "
                + "{type: bind, source: /a, target: /c, bind: {recursive: readonly}}]")
        #expect(found.first?.endpointSpec?.ports?.first?.name == "http")
        #expect(found.container?.mounts?.map(\.bindOptions?.nonRecursive) == [true, nil])
        #expect(found.warnings.first?.contains("services.w.volumes[1].bind.recursive is ignored") == true)
    }

    @Test("groups, resolver options, addresses of hosts and labels of volumes are handed on")
    func container() throws {
        let found = try service(
            "group_add: [audio, 1000]\ndns_opt: ['ndots:1']\nextra_hosts: {h: [1.1.1.1, '[::1]']}\n"
                + "volumes: [{type: volume, source: v, target: /v, volume: {labels: {a: b}}}]\n"
                + "labels: {flag: true}\nenvironment: {F: false}",
            top: "volumes: {v: }\n")
        #expect(found.container?.groups == ["audio", "1000"] && found.container?.dnsConfig?.options == ["ndots:1"])
        #expect(found.container?.hosts == ["1.1.1.1 h", "::1 h"])
        #expect(found.container?.mounts?.first?.volumeOptions?.labels?["a"] == "b")
        #expect(found.container?.labels?["flag"] == "true" && found.container?.env == ["F=false"])
    }

    @Test("configs and secrets have their data from the file itself or from the environment")
    func data() throws {
        let text = """
            configs: {c: {content: "a ${V} $$x"}, e: {environment: V}}
            secrets: {s: {environment: V}}

            """
        let found = try stack(text, environment: ["V": "value"])
        #expect(found.configs.map(\.data) == [Data("a value $x".utf8), Data("value".utf8)])
        #expect(found.secrets.first?.data == Data("value".utf8))
        let missing = problems(text, environment: [:])
        #expect(
            missing.count == 2 && missing[0].contains("configs.e: the variable V is not set (set it in the environment")
        )
        #expect(
            problems("configs: {c: {content: x, file: y}}").first?.contains("data from file and content; only use")
                == true)
    }

    @Test("networks have IPv6 and options of their address plan")
    func networks() throws {
        let network = try service("networks: [n]", top: "networks: {n: {enable_ipv6: true, ipam: {options: {a: b}}}}\n")
            .networks.first
        #expect(network?.enableIPv6 == true && network?.ipam?.options == ["a": "b"])
    }

    @Test("numbers and booleans may be written as texts, file modes in octal")
    func texts() throws {
        let found = try service(
            "init: 'true'\nports: [{target: '80', published: '8080', protocol: tcp}]\nsecrets: [{source: s, mode: '0440'}]\n"
                + "healthcheck: {test: x, retries: '3'}\nvolumes: [{type: tmpfs, target: /t, tmpfs: {size: 64m}}]",
            top: "secrets: {s: {external: 'true'}}\n")
        #expect(found.container?.`init` == true && found.container?.healthcheck?.retries == 3)
        #expect(found.first?.endpointSpec?.ports?.first?.publishedPort == 8080)
        #expect(found.container?.secrets?.first?.file?.mode == 0o440)
        #expect(found.container?.mounts?.first?.tmpfsOptions?.sizeBytes == 64 << 20)
    }

    @Test("what is built says how, when that was asked for")
    func builds() throws {
        let text = serviceText(
            "build: {context: ./src, dockerfile: D, args: {A: 1, B: , C: }, target: t, tags: [x], platforms: [linux/amd64], "
                + "extra_hosts: {h: 1.1.1.1}, shm_size: 64m, pull: true, ssh: [default]}")
        #expect(try stack(text, environment: ["B": "b"])["w"]?.build == nil)
        #expect(throws: ComposeProblems.self) { try stack(text, builds: true) }
        let build = try stack(text.replacing(", ssh: [default]", with: ""), environment: ["B": "b"], builds: true)["w"]?
            .build
        #expect(build?.context == "/dir/src" && build?.dockerfile == "D" && build?.arguments == ["A": "1", "B": "b"])
        #expect(build?.target == "t" && build?.tags == ["x"] && build?.platform == "linux/amd64")
        #expect(build?.extraHosts == ["h:1.1.1.1"] && build?.shmSize == 64 << 20 && build?.pullsBase == true)
    }
}
