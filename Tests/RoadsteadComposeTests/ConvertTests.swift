import DockerAPI
import Foundation
import Testing

@testable import RoadsteadCompose

/// What the corpus does not show of the objects that are made.
@Suite struct ConvertTests {
    @Test("hosts become lines for /etc/hosts, with brackets of addresses removed")
    func hosts() throws {
        #expect(
            try service("extra_hosts: ['a=1.2.3.4', 'b:[::1]', 'c:5.6.7.8']").container?.hosts == [
                "1.2.3.4 a", "::1 b", "5.6.7.8 c",
            ])
        #expect(try service("extra_hosts: {b: 1.2.3.4, a: '::1', c: }").container?.hosts == ["::1 a", "1.2.3.4 b"])
    }

    @Test("long ports get tcp and the routing mesh when nothing is said")
    func longPorts() throws {
        let ports = try service("ports: [{target: 80, published: 8080}, {target: 53, protocol: udp, mode: host}]")
            .first?.endpointSpec?.ports
        #expect(
            ports == [
                PortConfig(protocol: "udp", targetPort: 53, publishMode: "host"),
                PortConfig(protocol: "tcp", targetPort: 80, publishedPort: 8080, publishMode: "ingress"),
            ])
    }

    @Test("dns, search domains, capabilities and generic resources are handed on")
    func odds() throws {
        let stack = try service(
            """
            dns: 9.9.9.9
            dns_search: [a.org, b.org]
            cap_add: [net_admin]
            cap_drop: [ALL]
            oom_score_adj: -5
            deploy:
              endpoint_mode: VIP
              resources:
                limits: {pids: 10}
                reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}
            """)
        let container = try #require(stack.container)
        #expect(container.dnsConfig == DNSConfig(nameservers: ["9.9.9.9"], search: ["a.org", "b.org"]))
        #expect(container.capabilityAdd == ["CAP_NET_ADMIN"] && container.capabilityDrop == ["ALL"])
        #expect(container.oomScoreAdj == -5 && stack.first?.endpointSpec?.mode == "vip")
        let resources = stack.first?.taskTemplate.resources
        #expect(resources?.limits?.pids == 10)
        #expect(resources?.reservations?.genericResources == [.discrete(kind: "gpu", value: 2)])
    }

    @Test("jobs run as often as there are replicas")
    func jobs() throws {
        #expect(
            try service("deploy: {mode: replicated-job, replicas: 3}").first?.mode
                == .replicatedJob(maxConcurrent: 3, totalCompletions: 3))
        #expect(
            try service("deploy: {mode: replicated-job}").first?.mode
                == .replicatedJob(maxConcurrent: nil, totalCompletions: nil))
        #expect(try service("deploy: {mode: global-job}").first?.mode == .globalJob)
    }

    @Test("a disabled healthcheck is NONE, a text is for the shell")
    func healthchecks() throws {
        #expect(try service("healthcheck: {disable: true}").container?.healthcheck == HealthConfig(test: ["NONE"]))
        #expect(try service("healthcheck: {test: a b}").container?.healthcheck?.test == ["CMD-SHELL", "a b"])
    }

    @Test("a disabled healthcheck is NONE even with a test beside it, as in an earlier file")
    func disabledOverTest() throws {
        let found = try stack(
            serviceText("healthcheck: {test: [CMD, a], interval: 5s}"),
            over: "services: {w: {healthcheck: {disable: true}}}")
        #expect(found.container?.healthcheck == HealthConfig(test: ["NONE"]))
    }

    @Test("a healthcheck that the engine would never run is handed on as docker does, with a warning")
    func oddHealthcheck() throws {
        let found = try service("healthcheck: {test: [curl, -f]}")
        #expect(found.container?.healthcheck?.test == ["curl", "-f"])
        #expect(found.warnings.first?.hasPrefix("services.w.healthcheck.test begins with 'curl'") == true)
        #expect(try service("healthcheck: {test: [NONE]}").warnings.isEmpty)
    }

    @Test("configs and secrets are referred to by name, root's and readable, sorted")
    func files() throws {
        let stack = try service(
            "configs: [z, {source: b, target: /b, uid: '1', gid: '2', mode: 0440}]\nsecrets: [p]",
            top: "configs: {z: {file: ./z}, b: {file: b, name: named}}\nsecrets: {p: {file: sub/p}}\n",
            files: ["z": "1", "b": "2", "sub/p": "3"])
        #expect(
            stack.container?.configs == [
                ConfigReference(file: FileTarget(name: "/b", uid: "1", gid: "2", mode: 0o440), configName: "named"),
                ConfigReference(file: FileTarget(name: "z", uid: "0", gid: "0", mode: 0o444), configName: "s_z"),
            ])
        #expect(stack.container?.secrets?.map(\.secretName) == ["s_p"])
        #expect(
            stack.configs.map(\.name) == ["named", "s_z"]
                && stack.configs.map(\.data) == [Data("2".utf8), Data("1".utf8)])
        #expect(stack.secrets.first?.labels == [DesiredStack.namespaceLabel: "s"])
    }

    @Test("two files at one place of a container are refused")
    func sameTarget() {
        let text =
            serviceText("configs: [{source: a, target: /x}, {source: b, target: /x}]")
            + "configs: {a: {external: true}, b: {external: true}}\n"
        #expect(
            problems(text).first?.contains("services.w.configs[1]: duplicate config target for b not allowed: /x")
                == true)
    }

    @Test("secrets of a driver have no data")
    func secretDriver() throws {
        let secret = try stack("secrets: {p: {driver: vault, driver_opts: {a: 1}, template_driver: golang}}").secrets
            .first
        #expect(secret?.driver == LogDriver(name: "vault", options: ["a": "1"]) && secret?.data == nil)
        #expect(secret?.templating == LogDriver(name: "golang"))
    }

    @Test("external objects that are used are named, others are not")
    func externals() throws {
        let stack = try service(
            "networks: [n, host]\nconfigs: [c]\nsecrets: [p]\ncredential_spec: {config: cred}",
            top: """
                networks: {n: {external: true}, host: {external: true, name: host}, unused: {external: true}}
                configs: {c: {external: {name: other}}, cred: {external: true}, unused: {external: true}}
                secrets: {p: {external: true, name: real}}

                """)
        #expect(
            stack.external == ExternalObjects(networks: ["host", "n"], configs: ["cred", "other"], secrets: ["real"]))
        #expect(stack.networks == [] && stack.configs == [])
        let attachments = stack.first?.taskTemplate.networks ?? []
        #expect(attachments.map(\.aliases) == [nil, ["w"]])
        #expect(stack.container?.privileges?.credentialSpec?.config == "cred")
    }

    @Test("subnets, gateways and ranges of networks are handed on")
    func ipam() throws {
        let network = try service(
            "networks: [n]",
            top:
                "networks: {n: {ipam: {config: [{subnet: 10.9.0.0/24, gateway: 10.9.0.5, ip_range: 10.9.0.128/25}]}}}\n"
        ).networks.first
        #expect(
            network?.ipam?.config == [IPAM.Pool(subnet: "10.9.0.0/24", ipRange: "10.9.0.128/25", gateway: "10.9.0.5")])
        #expect(network?.driver == "overlay" && network?.checkDuplicate == true)
    }

    @Test("external volumes are mounted by their name and without labels")
    func externalVolume() throws {
        let stack = try service("volumes: ['vol:/v']", top: "volumes: {vol: {external: true, name: real}}\n")
        #expect(
            stack.container?.mounts == [
                Mount(type: "volume", source: "real", target: "/v", volumeOptions: VolumeOptions())
            ])
    }

    @Test("the caller's home is put in host paths; without one the path stays, with a warning")
    func home() throws {
        #expect(
            try service("volumes: ['~/x:/x']", environment: ["HOME": "/h"]).container?.mounts?.first?.source == "/h/x")
        let homeless = try service("volumes: ['~/x:/x']")
        #expect(homeless.warnings.first?.contains("lacks HOME") == true)
    }

    @Test("env_files fill the environment, environment wins, what is empty takes the caller's")
    func environment() throws {
        let stack = try service(
            "env_file: [a.env, b.env]\nenvironment: {C: c, EMPTY: '', NONE: }",
            files: ["a.env": "A=1\nB=1\nBLANK=\n", "b.env": "B=2\nC=2\n"],
            environment: ["BLANK": "x", "EMPTY": "y", "A": "not used"])
        #expect(stack.container?.env == ["A=1", "B=2", "BLANK=x", "C=c", "EMPTY=y", "NONE"])
    }
}
