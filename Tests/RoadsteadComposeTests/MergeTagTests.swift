import DockerAPI
import Testing

@testable import RoadsteadCompose

/// `!reset` and `!override`.
@Suite struct MergeTagTests {
    private let base =
        serviceText(
            "ports: ['80:80']\nenvironment: {A: a, B: b}\nlabels: ['x=1', 'y=2']\nhostname: h\ndepends_on: [v]\n"
                + "deploy: {replicas: 3, labels: {l: m}}") + "  v: {image: b}\n"

    private func merged(_ lines: String) throws -> DesiredStack {
        try stack(base, over: "services:\n  w:\n" + lines.split(separator: "\n").map { "    \($0)\n" }.joined())
    }

    @Test("what is reset is as if the earlier file had not said it")
    func reset() throws {
        let found = try merged(
            "ports: !reset []\nenvironment: {A: !reset null}\nlabels: {x: !reset }\nhostname: !reset\n"
                + "depends_on: !reset []\ndeploy: {replicas: !reset 5}")
        let spec = found["w"]?.spec
        #expect(spec?.endpointSpec?.ports == nil && spec?.mode == .replicated(1))
        #expect(spec?.labels?["l"] == "m")
        let container = spec?.taskTemplate.containerSpec
        #expect(container?.env == ["B=b"] && container?.hostname == nil)
        #expect(container?.labels?["x"] == nil && container?.labels?["y"] == "2")
        #expect(found["w"]?.dependencies == [])
    }

    @Test("what is overridden takes the earlier value's place unmerged")
    func replaced() throws {
        let found = try merged(
            "ports: !override ['81:81']\nenvironment: !override {C: c}\ndeploy: !override {replicas: 2}")
        #expect(found["w"]?.spec.endpointSpec?.ports?.map(\.publishedPort) == [81])
        #expect(found["w"]?.spec.taskTemplate.containerSpec?.env == ["C=c"])
        #expect(found["w"]?.spec.labels?["l"] == nil && found["w"]?.spec.mode == .replicated(2))
    }

    @Test("whole services, networks and the like can be reset")
    func sections() throws {
        let found = try stack(base, over: "services: {v: !reset {}, w: {depends_on: !reset []}}")
        #expect(found.services.map(\.key) == ["w"])
    }

    @Test("a service resets what it extends, through all that this extends; a later file resets that of an earlier one")
    func extended() throws {
        let files = [
            "f.yml": "services: {d: {image: a, hostname: h, user: u, tty: true}, b: {extends: d, ports: ['1:1']}}"
        ]
        let base = "services: {w: {extends: {file: f.yml, service: b}, user: !reset }}"
        let found = try stack(base, over: "services: {w: {hostname: !reset , ports: !override ['2:2']}}", files: files)
        let container = found.container
        #expect(container?.user == nil && container?.hostname == nil && container?.tty == true)
        #expect(found.first?.endpointSpec?.ports?.map(\.publishedPort) == [2])
    }

    @Test("what is included can be reset, and what a Swarm cannot do is not warned about when it is reset")
    func included() throws {
        let files = ["i.yml": "services: {i: {image: a, privileged: true, hostname: h}}"]
        let found = try stack(
            "include: [i.yml]", over: "services: {i: {privileged: !reset , hostname: !reset }}", files: files)
        #expect(found.container?.hostname == nil && found.warnings == [])
    }

    @Test("within a list the tags count for nothing, and that is said")
    func withinLists() {
        #expect(
            problems(base, over: "services: {w: {ports: [!reset '80:80']}}").first
                == "over1.yml:1:24: services.w.ports[0]: !reset counts for the value of a key, not within a list "
                + "(put it in front of the whole list)")
    }
}
