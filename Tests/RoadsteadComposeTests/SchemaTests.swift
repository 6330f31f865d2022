import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

@Suite struct SchemaTests {
    @Test(
        "what does not fit is named with file, line, column and path, and what to do",
        arguments: [
            (
                "servics: {}",
                "compose.yml:1:1: servics: Additional property servics is not allowed (did you mean services?)"
            ),
            ("services: []", "compose.yml:1:11: services: must be a mapping"),
            ("services:", "compose.yml:1:10: services: must be a mapping"),
            ("services: {w: }", "compose.yml:1:15: services.w: must be a mapping"),
            ("- a", "compose.yml:1:1: top-level object must be a mapping"),
            ("version: 3\nservices: {}", "compose.yml:1:10: version: must be a string (put it in quotes: \"3\")"),
            (
                "services: {'a b': {image: x}}",
                "compose.yml:1:12: services.a b: Additional property a b is not allowed "
                    + "(names consist of letters, digits, '.', '_' and '-')"
            ),
            (
                "configs: {c: {}}",
                "compose.yml:1:11: configs.c: has no data "
                    + "(give it a file:, a content: or an environment:, or say external: true)"
            ),
            (
                "volumes: {v: {external: true, driver: x}}",
                "compose.yml:1:11: volumes.v: conflicting parameters \"external\" and \"driver\" specified for volume \"v\""
            ),
        ])
    func files(_ text: String, _ message: String) {
        #expect(problems(text) == [message])
    }

    @Test(
        "a service's mistakes are named",
        arguments: [
            ("imgae: x", "4:5: services.w.imgae: Additional property imgae is not allowed (did you mean image?)"),
            (
                "cpu_shares: 5",
                "4:5: services.w.cpu_shares: is not supported: set deploy.resources.limits.cpus and deploy.resources"
            ),
            ("gpus: all", "4:5: services.w.gpus: is not supported: let the nodes advertise generic resources"),
            ("command: 5", "4:14: services.w.command: must be a string, list or null (put it in quotes: \"5\")"),
            ("init: maybe", "4:11: services.w.init: must be a boolean"),
            ("user: 1000", "4:11: services.w.user: must be a string (put it in quotes: \"1000\")"),
            ("deploy: {replicas: many}", "4:24: services.w.deploy.replicas: must be an integer"),
            ("deploy: {replicas: -1}", "4:24: services.w.deploy.replicas: -1 overflows uint: it must not be negative"),
            (
                "deploy: {replica: 1}",
                "4:14: services.w.deploy.replica: Additional property replica is not allowed (did"
            ),
            ("scale: 3\ndeploy: {replicas: 2}", "4:12: services.w.scale: contradicts what deploy says of the same"),
            ("cpus: 0.0001", "4:11: services.w.cpus: invalid cpu value 0.0001"),
            ("mem_limit: 1k", "services.w.mem_limit: invalid memory value 1024: Must be at least 4MiB"),
            ("platform: plan9/mips", "4:15: services.w.platform: 'plan9/mips' is no platform that is known here"),
            (
                "build: {context: ., dockerfile: a, dockerfile_inline: b}",
                "services.w.build: dockerfile and dockerfile_in"
            ),
            (
                "build: {contxt: .}",
                "services.w.build.contxt: Additional property contxt is not allowed (did you mean c"
            ),
            (
                "env_file: [{path: a, requird: 1}]",
                "services.w.env_file[0].requird: Additional property requird is not allowed"
            ),
            (
                "env_file: [{path: a, format: json}]",
                "4:34: services.w.env_file[0].format: must be one of the following"
            ),
            ("depends_on: {a: {}}", "services.w.depends_on.a: condition is required"),
            (
                "ports: [{target: 1, published: 1-9}]",
                "services.w.ports[0].published: '1-9' is no port: a Swarm publishes"
            ),
            ("deploy: {mode: foo}", "4:20: services.w.deploy.mode: unknown mode: foo"),
            ("deploy: {endpoint_mode: foo}", "unknown endpoint mode: foo"),
            ("deploy: {update_config: {failure_action: x}}", "unrecognized update failure action x"),
            ("deploy: {rollback_config: {failure_action: rollback}}", "unrecognized update failure action rollback"),
            ("deploy: {update_config: {max_failure_ratio: 2}}", "max_failure_ratio: must be from 0 to 1"),
            ("deploy: {update_config: {order: x}}", "must be one of the following: \"start-first\", \"stop-first\""),
            (
                "deploy: {placement: {constraints: [a]}}",
                "placement.constraints[0]: constraint 'a': expected one operator"
            ),
            ("deploy: {placement: {constraints: ['==x']}}", "key '' is invalid"),
            ("deploy: {placement: {constraints: ['a==']}}", "value '' is invalid"),
            (
                "deploy: {resources: {limits: {memory: 1k}}}",
                "limits.memory: invalid memory value 1024: Must be at least 4MiB"
            ),
            ("deploy: {resources: {limits: {cpus: '0.0001'}}}", "limits.cpus: invalid cpu value 0.0001"),
            ("deploy: {resources: {limits: {cpus: x}}}", "failed to parse x as a rational number"),
            ("deploy: {mode: global, replicas: 2}", "4:28: services.w.deploy.replicas: replicas can only be used with"),
            (
                "deploy: {endpoint_mode: dnsrr}\nports: ['1:1']",
                "can't be used with dnsrr mode (publish the port with mode: host)"
            ),
            ("stop_grace_period: 5", "services.w.stop_grace_period: must be a string (put it in quotes: \"5\")"),
            ("stop_grace_period: -5s", "the duration -5s is negative"),
            ("ports: ['1:1', '1:1']", "4:20: services.w.ports: array items[0,1] must be unique"),
            ("ports: ['1:1', '1:1/tcp']", "services.w.ports: EndpointSpec: duplicate published ports provided: 1/tcp"),
            ("ports: ['a:1']", "services.w.ports[0]: invalid port 'a:1': the host port 'a'"),
            ("ports: [{published: 1}]", "services.w.ports[0]: has no target"),
            ("ports: [{target: 70000}]", "services.w.ports[0].target: 70000 is no port"),
            ("ports: [{target: 1, mode: x}]", "must be one of the following: \"ingress\", \"host\""),
            ("ports: [1-65535]", "services.w.ports[0]: a service cannot publish more than 10000 ports"),
            ("volumes: ['']", "services.w.volumes[0]: invalid empty volume spec"),
            ("volumes: [{target: /x}]", "services.w.volumes[0]: type is required"),
            ("volumes: [{type: cluster, source: a, target: /x}]", "cluster volumes are not supported"),
            ("volumes: [{type: bind, target: /x}]", "invalid bind source, source cannot be empty"),
            ("volumes: [{type: volume}]", "has no target"),
            ("volumes: [{type: tmpfs, target: /x, bind: {}}]", "bind options are incompatible with type tmpfs"),
            ("volumes: [{type: tmpfs, target: /x, tmpfs: {size: -1}}]", "size must be greater than or equal to 0"),
            ("volumes: ['nope:/x']", "services.w.volumes[0]: undefined volume \"nope\""),
            ("networks: [nope]", "4:16: services.w.networks[0]: undefined network \"nope\""),
            ("networks: {nope: }", "4:16: services.w.networks.nope: undefined network \"nope\""),
            ("configs: [nope]", "services.w.configs[0]: undefined config \"nope\""),
            ("secrets: [{source: nope}]", "services.w.secrets[0]: undefined secret \"nope\""),
            ("secrets: [{source: a, foo: 1}]", "services.w.secrets[0].foo: Additional property foo is not allowed"),
            ("credential_spec: {config: nope}", "services.w.credential_spec: undefined config \"nope\""),
            ("credential_spec: {file: a, registry: b}", "cannot specify both \"File\" and \"Registry\""),
            ("healthcheck: {interval: 1us}", "services.w.healthcheck.interval: cannot be less than 1ms"),
            ("healthcheck: {retries: 1.5}", "services.w.healthcheck.retries: must be an integer"),
            ("ulimits: {nofile: {soft: 1}}", "services.w.ulimits.nofile: hard is required"),
            ("extra_hosts: [a]", "services.w.extra_hosts[0]: 'a' is no host:address"),
            ("restart: foo", "services.w.restart: invalid restart policy 'foo'"),
            ("env_file: a.env", "services.w.env_file: cannot read /dir/a.env: the application has no such file"),
            ("command: \"a 'b\"", "services.w.command: cannot be split into words: a quote is not closed"),
            ("sysctls: {a: {b: 1}}", "services.w.sysctls.a: must be a string, number, boolean or null"),
        ])
    func services(_ lines: String, _ message: String) {
        let found = problems(serviceText(lines))
        #expect(found.count == 1 && found.first?.contains(message) == true, "\(found)")
    }

    @Test("all that is wrong is told at once, in the order of files and lines")
    func allAtOnce() {
        let found = problems(
            "services:\n  w:\n    imgae: a\n    tty: x\n  v:\n    image: ${X?}\n", over: "servces: {}\n")
        #expect(
            found.map { $0.split(separator: " ")[0] } == [
                "compose.yml:3:5:", "compose.yml:4:10:", "compose.yml:6:12:", "over1.yml:1:1:",
            ])
    }

    @Test("a service without an image is refused where it begins")
    func noImage() {
        #expect(
            problems("services:\n  w:\n    build: .\n") == [
                "compose.yml:2:3: services.w: invalid image reference for service w: no image specified "
                    + "(a Swarm does not build; name the image that --build makes and pushes)"
            ])
        #expect(
            problems("services: {w: {image: Nginx}}").first?.hasPrefix(
                "compose.yml:1:16: services.w.image: invalid image") == true)
    }

    @Test("a name that the Swarm would refuse is refused here")
    func names() {
        #expect(
            problems("services: {a.b: {image: x}}").first?.contains("name must be valid as a DNS name component")
                == true)
        let long = String(repeating: "x", count: 62)
        #expect(problems("services: {\(long): {image: x}}").first?.contains("63 characters or fewer") == true)
    }

    @Test("an old version is told to say nothing")
    func versions() throws {
        #expect(try stack("version: '3.8'\nservices: {}").warnings == [])
        #expect(
            try stack("version: '2.4'\nservices: {}").warnings == [
                "version 2.4 says nothing any more: the file is read as the Compose specification has it"
            ])
    }

    @Test("what a Swarm ignores is warned about, once for all places, unless it asks for nothing")
    func warnings() throws {
        let stack = try stack(
            """
            services:
              w:
                image: a
                build: .
                privileged: true
                container_name: x
                ports: ['127.0.0.1:1:1']
                volumes: ['/a:/b:z']
              v: {image: a, privileged: true, devices: [], domainname: ''}
              u: {image: a, privileged: 'false', pid: }

            """)
        #expect(
            stack.warnings == [
                "services.w.ports[0]: ignoring IP-address (127.0.0.1:1:1) service will listen on '0.0.0.0'",
                "services.w.volumes[0] is not wholly honoured: the option 'z' means nothing on a Swarm",
                "services.w.container_name is ignored: a Swarm names its containers; services reach each other by the "
                    + "names of services",
                "services.v.privileged, services.w.privileged are ignored: a Swarm runs no privileged containers; name "
                    + "what is needed by cap_add",
                "services.w.build is ignored: the image is taken from its registry as it is; `deploy --build` makes "
                    + "it and pushes it there",
            ])
    }

    @Test("extension fields may hold anything, everywhere")
    func extensions() throws {
        #expect(try service("x-a: {b: [1, {c: d}]}\ndeploy: {x-c: 1}", top: "x-b: 5\n").warnings == [])
    }

    @Test(
        "the nearest key is offered when it is near",
        arguments: [("imgae", "image"), ("comand", "command"), ("foo", nil)] as [(String, String?)])
    func nearest(_ word: String, _ key: String?) {
        #expect(NearestKey.find(word, among: ["image", "command", "ports", "tty"]) == key)
    }
}
