import DockerAPI
import Testing

@testable import RoadsteadCompose

/// What several files make together; the corpus has the plain cases.
@Suite struct MergeTests {
    private func merged(_ base: String, _ over: String) throws -> DesiredStack {
        try stack(
            serviceText(base), over: "services:\n  w:\n" + over.split(separator: "\n").map { "    \($0)\n" }.joined())
    }

    @Test("an explicit false, zero or empty text of the later file counts")
    func explicitValues() throws {
        let stack = try merged(
            "tty: true\ninit: true\nstop_grace_period: 5s\nenvironment: {A: a, B: b, C: c}",
            "tty: false\ninit: false\nstop_grace_period: 0s\nenvironment: {A: '', B: }")
        #expect(stack.container?.tty == nil && stack.container?.`init` == false)
        #expect(stack.container?.stopGracePeriod == 0)
        #expect(stack.container?.env == ["A=", "B=b", "C=c"])
    }

    @Test("a later healthcheck test replaces the earlier one and keeps the rest")
    func healthcheckTest() throws {
        let stack = try merged("healthcheck: {test: [CMD, a], interval: 5s}", "healthcheck: {test: [CMD, b]}")
        #expect(stack.container?.healthcheck?.test == ["CMD", "b"])
        #expect(stack.container?.healthcheck?.interval == 5_000_000_000)
    }

    @Test("ports of one file stay when another file touches the service")
    func portsKept() throws {
        let ports = try merged("ports: ['80', '81', '53:53/tcp', '53:53/udp']", "tty: true").first?.endpointSpec?.ports
        #expect(ports?.count == 4)
    }

    @Test("a port is replaced by a later one of the same published port")
    func portReplaced() throws {
        let ports = try merged("ports: ['80:1', '81:1']", "ports: ['80:2']").first?.endpointSpec?.ports ?? []
        #expect(ports.map { "\($0.publishedPort ?? 0):\($0.targetPort ?? 0)" } == ["80:2", "81:1"])
    }

    @Test("a port is told from one of the same number and another protocol")
    func portProtocols() throws {
        let ports =
            try merged("ports: ['53:53/tcp', '53:53/udp', '9/sctp', '9/udp']", "ports: ['53:5353/tcp', '9/udp']").first?
            .endpointSpec?.ports ?? []
        #expect(
            ports.map { "\($0.publishedPort ?? 0):\($0.targetPort ?? 0)/\($0.protocol ?? "")" } == [
                "0:9/sctp", "0:9/udp", "53:53/udp", "53:5353/tcp",
            ])
    }

    @Test("a later platform replaces the earlier one; other constraints stay")
    func platform() throws {
        let found = try merged(
            "platform: linux/amd64\ndeploy: {placement: {constraints: [node.role == worker]}}", "platform: linux/arm64")
        #expect(
            found.first?.taskTemplate.placement?.constraints == [
                "node.role == worker", "node.platform.os == linux", "node.platform.arch == aarch64",
            ])
    }

    @Test("another config or secret at the same place replaces the earlier one")
    func sameTarget() throws {
        let base =
            serviceText("configs: [{source: a, target: /x}, b]\nsecrets: [a]")
            + "configs: {a: {external: true}, b: {external: true}}\nsecrets: {a: {external: true}, b: {external: true}}\n"
        let over =
            "services: {w: {configs: [{source: b, target: /x}], secrets: [{source: b, target: /run/secrets/a}]}}\n"
        let found = try stack(base, over: over)
        #expect(found.container?.configs?.map(\.configName) == ["b"])
        #expect(found.container?.secrets?.map(\.secretName) == ["b"])
    }

    @Test("mounts are replaced by target, configs and secrets by source")
    func attachments() throws {
        let base =
            serviceText("volumes: ['/a:/x', '/b:/y']\nconfigs: [{source: c, target: /c1}]")
            + "configs: {c: {file: c}}\n"
        let over = "services: {w: {volumes: ['/z:/x:ro'], configs: [{source: c, target: /c2}]}}\n"
        let merged = try stack(base, over: over, files: ["c": "x"])
        #expect(merged.container?.mounts?.map { "\($0.source ?? ""):\($0.target ?? "")" } == ["/z:/x", "/b:/y"])
        #expect(merged.container?.configs?.compactMap(\.file?.name) == ["/c2"])
    }

    @Test("another logging driver brings its own options, the same one adds them")
    func logging() throws {
        let base = "logging: {driver: a, options: {x: '1', y: '1'}}"
        #expect(
            try merged(base, "logging: {options: {y: '2'}}").first?.taskTemplate.logDriver?.options == [
                "x": "1", "y": "2",
            ])
        let other = try merged(base, "logging: {driver: b, options: {z: '3'}}").first?.taskTemplate.logDriver
        #expect(other == LogDriver(name: "b", options: ["z": "3"]))
    }

    @Test("top-level networks are replaced as wholes")
    func networks() throws {
        let base = serviceText("networks: [n]") + "networks: {n: {attachable: true, labels: {a: b}}}\n"
        let network = try stack(base, over: "networks: {n: {internal: true}}\n").networks.first
        #expect(network?.attachable == nil && network?.internal == true && network?.labels?["a"] == nil)
    }

    @Test("a problem that only the merged service has is reported where its key stands")
    func placeAfterMerge() {
        let found = problems(
            serviceText("deploy: {mode: global}"), over: "services:\n  w:\n    deploy:\n      replicas: 2\n")
        #expect(found.count == 1 && found.first?.hasPrefix("over1.yml:4:7: services.w.deploy.replicas: ") == true)
    }
}
