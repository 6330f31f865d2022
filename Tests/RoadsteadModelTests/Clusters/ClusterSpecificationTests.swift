import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite("A cluster's specification")
struct ClusterSpecificationTests {
    private func read(_ json: JSONObject) throws -> ClusterSpecification {
        let cloud: JSONObject = ["name": "prod", "driver": "exoscale"]
        return try ClusterSpecification(json: .object(cloud.merging(json)))
    }

    @Test("the least document is the mission's: one small node that is the manager, 30000-32000/tcp open")
    func defaults() throws {
        let specification = try read([:])
        #expect(specification.managers == 1 && specification.workers == 0)
        #expect(specification.size == "small" && specification.disk == 50 && specification.image == "debian-12")
        #expect(MachineSize.find("Small") == MachineSize(name: "small", cpus: 2, memory: 2))
        #expect(specification.ports == [PortRange(30000...32000, .tcp)])
        #expect(specification.engineAccess.isEmpty)
        #expect(!specification.isAutolocked && specification.engine == ClusterEngine())
    }

    static let counts: [(JSONObject, Int, Int)] = [
        (["nodes": 3], 1, 2), (["nodes": 1], 1, 0), (["nodes": 5, "managers": 3], 3, 2), (["managers": 3], 3, 0),
        (["managers": 3, "workers": 4], 3, 4), (["workers": 2], 1, 2), (["nodes": 5, "workers": 2], 3, 2),
        (["nodes": 7, "managers": 5, "workers": 2], 5, 2),
    ]

    @Test("nodes, managers and workers complete each other, the first node being the manager", arguments: counts)
    func counted(_ json: JSONObject, _ managers: Int, _ workers: Int) throws {
        let specification = try read(json)
        #expect(specification.managers == managers && specification.workers == workers)
    }

    static let misfits: [(JSONObject, String)] = [
        (["name": "Prod"], "name must be a name of 1 to 40 small letters"),
        (["name": "prod-"], "name must be a name of"),
        (["wrokers": 2], "wrokers is not known here (did you mean workers?)"),
        (["manager": 3], "manager is not known here (did you mean managers?)"),
        (
            ["managers": 2],
            "managers would make 2 managers: use 1, 3 or 5, since an even number survives no more losses than 1"
        ),
        (["managers": 4], "managers would make 4 managers"),
        (["managers": 7], "managers must be an integer from 1 to 5"),
        (["nodes": 6, "workers": 2], "nodes would make 4 managers"),
        (["nodes": 2, "workers": 2], "workers leaves no node to be the manager"),
        (["nodes": 2, "managers": 3], "managers is 3, more than the 2 of nodes"),
        (
            ["nodes": 5, "managers": 1, "workers": 2],
            "workers is 2, which with 1 of managers does not make the 5 of nodes"
        ),
        (["ports": ["80/tcp", "0/tcp"]], "ports[1] must be ports in words"),
        (["ports": [80]], "ports[0] must be ports in words, such as 443/tcp"),
        (["ports": ["32000-30000/tcp"]], "ports[0] must be ports in words"),
        (["ports": ["80-90/tcp", "85/tcp"]], "ports[1] 85/tcp overlaps 80-90/tcp"),
        (["ports": ["2376"]], "ports[0] 2376/tcp would open 2375-2376/tcp to the world"),
        (["engine-access": ["10.0.0.0/33"]], "engine-access[0] must be a range of addresses"),
        (["engine-access": ["10.0.0.5/24"]], "engine-access[0] 10.0.0.5/24 is an address within a range"),
        (["zones": []], "zones must have at least 1 element(s)"),
        (["zones": ["a", "a"]], "zones must not hold the same element twice"),
        (["network": ["range": "2001:db8::/64"]], "network.range must be a range of IPv4"),
        (
            ["network": ["range": "10.0.0.0/16", "pools": ["10.0.0.0/8"]]],
            "network.pools[0] 10.0.0.0/8 overlaps 10.0.0.0/16"
        ),
        (["network": ["mtu": 100]], "network.mtu must be an integer from 1280 to 9000"),
        (["engine": ["version": 26.1]], "engine.version must be a version in quotes"),
        (["engine": ["package": "docker"]], "engine.package is not known here (did you mean packages?)"),
        (["labels": ["managers": ["a=b": "c"]]], "labels.managers.a=b must be a key without '='"),
        (
            ["labels": ["nodes": ["web-1": ["a": "b"]]]],
            "labels.nodes.web-1 is no node of prod: its nodes are prod-1, prod-2"
        ),
        (["hosts": [["address": "h1"]]], "hosts are machines that exist: set driver to generic"),
        (["credential": "user/1"], "credential must be the id of a credential"),
        (["workers": 1000], "workers makes 1001 nodes: 1000 is the most"),
        (["driver": "generic"], "hosts is missing"),
        (
            ["driver": "generic", "hosts": [["address": "h1"]], "size": "small"],
            "size is of no use to the driver generic"
        ),
        (
            ["driver": "generic", "hosts": [["address": "h1"], ["address": "H1"]]],
            "hosts[1] is the same host as hosts[0]"
        ),
        (["driver": "generic", "hosts": [["address": "root@h1"]]], "hosts[0].address must be the name or IP address"),
        (
            ["driver": "generic", "hosts": [["address": "10.0.0.300"]]],
            "hosts[0].address must be the name or IP address"
        ),
        (["driver": "generic", "hosts": [["address": "h1"]], "nodes": 2], "nodes is 2, but there are 1 hosts"),
        (
            ["driver": "generic", "hosts": [["address": "h1", "role": "worker"]]],
            "hosts has too few that may be managers"
        ),
        (["driver": "generic", "hosts": [["address": "h1", "jump": [:]]]], "hosts[0].jump.address is missing"),
        (["options": ["adopt": "yes"]], "options.adopt"), (["options": ["data-disk": true]], "options.data-disk"),
        (["options": ["data-disk": "vdb"]], "options.data-disk"),
        (["options": ["data-disk": "/dev/a b"]], "options.data-disk"),
    ]

    @Test("what does not fit is told with its path and what to do, and nothing else is", arguments: misfits)
    func tells(_ json: JSONObject, _ problem: String) throws {
        let cloud: JSONObject = ["name": "prod", "driver": "exoscale"]
        let found = ClusterSpecification.problems(in: cloud.merging(json)).map(\.description)
        #expect(found.count == 1 && found.first?.hasPrefix(problem) == true, "\(found)")
    }

    @Test("all problems are told at once")
    func allAtOnce() throws {
        let json: JSONValue = ["managers": 2, "ports": ["0"], "extra": true]
        let error = try #require(throws: RoadsteadError.self) { _ = try ClusterSpecification(json: json) }
        #expect(error.code == .invalidInput)
        for path in ["managers", "ports[0]", "extra", "name is missing", "driver is missing"] {
            #expect(error.message.contains(path))
        }
        #expect(throws: RoadsteadError.self) { _ = try ClusterSpecification(json: "prod") }
    }

    @Test("hosts without a role become managers in their order as long as there are too few")
    func hostRoles() throws {
        let hosts: JSONValue = [
            ["address": "h1", "role": "worker"], ["address": "h2"], ["address": "h3", "role": "manager"],
            ["address": "h4", "user": "admin", "port": 2222, "jump": ["address": "gate"]], ["address": "h5"],
        ]
        let specification = try read(["driver": "generic", "managers": 3, "hosts": hosts])
        #expect(specification.hosts.map(\.role) == [.worker, .manager, .manager, .manager, .worker])
        #expect(specification.hosts[3].jump == JumpHost(address: "gate"))
        #expect(specification.managers == 3 && specification.workers == 2)
    }

    static let documents: [JSONObject] = [
        [:], ["nodes": 3, "options": ["data-disk": "/dev/nvme1n1"]],
        ["driver": "generic", "hosts": [["address": "h1"], ["address": "::1", "zone": "z"]]],
        [
            "credential": "credential/1", "region": "r", "zones": ["a", "b"], "size": "Large", "disk": 100,
            "image": "ubuntu-24.04", "managers": 3, "workers": 2,
            "labels": [
                "managers": ["b": "1", "a": "2"], "workers": ["c": ""], "nodes": ["prod-2": ["disk": "ssd"]],
            ], "engine": ["packages": "docker", "version": "26.1"],
            "network": ["range": "10.1.0.0/24", "mtu": 1400, "pools": ["10.20.0.0/16"]], "autolock": true,
            "ports": ["443", "80/tcp", "53/udp"], "engine-access": ["203.0.113.7"], "ssh-access": [],
            "options": ["anti-affinity": true, "data-disk": "auto"],
        ],
    ]

    @Test("the canonical form reads as the same specification, and is its own canonical form", arguments: documents)
    func roundTrip(_ json: JSONObject) throws {
        let specification = try read(json)
        let again = try ClusterSpecification(json: .object(specification.json))
        #expect(again == specification)
        #expect(again.json == specification.json)
    }

    @Test("the canonical form has ports sorted, addresses as ranges, and sizes by their name")
    func canonical() throws {
        let specification = try read(Self.documents[3])
        #expect(specification.ports.map(\.description) == ["80/tcp", "443/tcp", "53/udp"])
        #expect(specification.engineAccess == ["203.0.113.7/32"])
        #expect(specification.size == "large")
        #expect(specification.labels.labels(of: "prod-2", .worker) == ["c": "", "disk": "ssd"])
    }

    @Test("the schema for editors knows what the decoder knows: every attribute, defaults, counts of managers")
    func schema() throws {
        let schema = ClusterSpecification.schema
        #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["additionalProperties"] == false)
        #expect(schema["required"] == ["name", "driver"])
        let properties = try #require(schema["properties"]?.objectValue)
        #expect(properties["managers"]?["enum"] == [1, 3, 5])
        for document in Self.documents { for key in document.keys { #expect(properties[key] != nil, "\(key)") } }
        // What the schema says is the default is what the decoder takes.
        let defaults = properties.members.compactMap { key, value in value["default"].map { (key, $0) } }
        #expect(defaults.count == 7)
        #expect(try read(JSONObject(defaults)) == read([:]))
    }

    @Test("ports are read and written alike", arguments: ["1/tcp", "65535/udp", "30000-32000/tcp"])
    func ports(_ text: String) { #expect(PortRange(text)?.description == text) }

    @Test(
        "what is no range of ports is refused",
        arguments: ["", "-", "1-", "-1", "1-2-3", "70000", "+5", "1/sctp", "1/tcp/"])
    func noPorts(_ text: String) { #expect(PortRange(text) == nil) }

    @Test("an engine's version is accepted by what was asked for, never by a mere beginning of a number")
    func engineVersions() {
        let engine = ClusterEngine(version: "26.1")
        #expect(engine.accepts("26.1.5+dfsg1") && engine.accepts("26.1"))
        #expect(!engine.accepts("26.10.0") && !engine.accepts("20.10.24"))
        #expect(ClusterEngine().accepts("1.0"))
    }
}
