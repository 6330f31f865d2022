import DockerAPI
import Foundation
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

@Suite("Adoption")
struct AdoptionTests {
    private static let cases = CorpusCase.all.filter { $0.kind != "invalid" }

    @Test("what docker made of a file is written as a file whose plan changes nothing", arguments: cases)
    func roundTrip(_ corpusCase: CorpusCase) throws {
        for (step, golden) in zip(corpusCase.steps, try corpusCase.goldens()) where golden["exit"] == 0 {
            let live = try GoldenSwarm.live(try #require(golden["state"]))
            guard !live.services.isEmpty else { continue }
            let adoption = try StackAdoption(stack: "gold", live: live)
            let desired = try Self.desired(adoption)
            let plan = try StackPlan.make(desired: desired, live: live)
            #expect(plan.hasNoChange, "\(step.files): \(plan.lines())\n\(adoption.text)")
            // That a health check is none is worth a warning, whoever wrote it.
            #expect(plan.warnings.allSatisfy { $0.contains("the engine runs no such check") })
        }
    }

    private static func desired(_ adoption: StackAdoption) throws -> DesiredStack {
        let files = Dictionary(uniqueKeysWithValues: adoption.files.map { ("/" + $0.key, [UInt8]($0.value)) })
        return try ComposeReader.desiredStack(
            ComposeInput(
                sources: [ComposeSource(path: "/compose.yaml", text: adoption.text)],
                reader: MemoryFileReader(files: files), workingDirectory: "/"), stackName: adoption.stack)
    }

    @Test("a rotated config is written under the file's own name, and keeps its name on the Swarm")
    func rotated() throws {
        var live = PlanFixture.live()
        var changed = PlanFixture.desired()
        changed.configs[0].data = Data("new $HOME".utf8)
        let plan = try StackPlan.make(desired: changed, live: live)
        let outcome = plan.outcome.exposed
        live.configs.append(SwarmConfig(id: "c9", version: ObjectVersion(index: 9), spec: outcome.configs[0]))
        live.services[0].spec.taskTemplate.containerSpec?.configs?[0].configName = outcome.configs[0].name
        live.services[0].spec.taskTemplate.containerSpec?.configs?[0].configID = "c9"
        let adoption = try StackAdoption(stack: "shop", live: live)
        #expect(adoption.files == ["configs/page": Data("new $HOME".utf8)])
        #expect(!adoption.text.contains(outcome.configs[0].name))
        #expect(try StackPlan.make(desired: try Self.desired(adoption), live: live).hasNoChange)
    }

    @Test("the contents of secrets are not invented: they are external, and a note says so")
    func secrets() throws {
        let adoption = try StackAdoption(stack: "shop", live: PlanFixture.live())
        #expect(adoption.notes.contains { $0.contains("token") && $0.contains("external") })
    }

    @Test(
        "texts that YAML or interpolation would take for something else stay texts",
        arguments: [
            "yes", "0o17", "$HOME and ${X:-y}", "a: b", "# no comment", "- x", "1.10", "\"quoted\"", "tab\there", "",
            "ü",
            "null", "~", "{{.Node.Hostname}}", "2001-01-01", "a\nb",
        ])
    func texts(text: String) throws {
        var live = PlanFixture.live()
        live.services[0].spec.taskTemplate.containerSpec?.env = ["A=" + text]
        live.services[0].spec.taskTemplate.containerSpec?.labels?["note"] = text
        let adoption = try StackAdoption(stack: "shop", live: live)
        let container = try Self.desired(adoption).services[0].spec.taskTemplate.containerSpec
        #expect(container?.env == ["A=" + text])
        #expect(container?.labels?["note"] == text)
    }

    @Test("privileges, swap, a tmpfs with a mode, binds without what is below and names of ports are written")
    func hostParts() throws {
        let live = PlanFixture.live {
            $0.spec.taskTemplate.resources = ResourceRequirements(
                limits: ResourceAmounts(memoryBytes: 64 << 20), swapBytes: 1 << 20, memorySwappiness: 0)
            $0.spec.taskTemplate.containerSpec?.privileges = Privileges(
                seLinuxContext: Privileges.SELinuxContext(level: "s0:c1,c2"),
                seccomp: Privileges.Seccomp(mode: "custom", profile: Data("{}".utf8)),
                appArmor: Privileges.AppArmor(mode: "disabled"), noNewPrivileges: true)
            $0.spec.taskTemplate.containerSpec?.mounts = [
                Mount(
                    type: "tmpfs", target: "/t", readOnly: true,
                    tmpfsOptions: TmpfsOptions(sizeBytes: 5, mode: 0o1777, options: [["exec"]])),
                Mount(type: "bind", source: "/a", target: "/b", bindOptions: BindOptions(nonRecursive: true)),
            ]
            $0.spec.endpointSpec?.ports?[0].name = "http"
        }
        let adoption = try StackAdoption(stack: "shop", live: live)
        #expect(adoption.files["seccomp/web.json"] == Data("{}".utf8))
        #expect(try StackPlan.make(desired: try Self.desired(adoption), live: live).hasNoChange, "\(adoption.text)")
    }

    @Test("what no service uses stays: a prune of everything removes neither secret nor network of an adopted stack")
    func unused() throws {
        var live = PlanFixture.live()
        live.secrets.append(
            SwarmSecret(
                id: "s2", version: ObjectVersion(index: 4), spec: FileSpec(name: "shop_b", labels: PlanFixture.labels)))
        live.configs.append(
            SwarmConfig(
                id: "c2", version: ObjectVersion(index: 4),
                spec: FileSpec(name: "shop_old", labels: PlanFixture.labels, data: Data("x".utf8))))
        live.networks.append(PlanFixture.network("nu", "shop_unused"))
        let adoption = try StackAdoption(stack: "shop", live: live)
        let plan = try StackPlan.make(desired: try Self.desired(adoption), live: live, prune: .everything)
        #expect(plan.hasNoChange, "\(plan.lines())\n\(adoption.text)")
        // What is done by the revision alone, too.
        let revision = StackRevision(plan.outcome.exposed)
        let again = try StackRevision(json: revision.json(), secrets: revision.secretContents)
        #expect(try StackPlan.make(desired: DesiredStack(again), live: live, prune: .everything).hasNoChange)
    }

    @Test(
        "an image that was changed by docker service update is adopted as it runs; only docker's note of it is behind")
    func changedImage() throws {
        let live = PlanFixture.live { $0.spec.taskTemplate.containerSpec?.image = "nginx:1.26@" + PlanFixture.digest }
        let adoption = try StackAdoption(stack: "shop", live: live)
        let plan = try StackPlan.make(desired: try Self.desired(adoption), live: live, prune: .everything)
        #expect(plan.changesNotesOnly && !plan.hasNoChange, "\(plan.lines())\n\(adoption.text)")
        #expect(adoption.text.contains("nginx:1.26") && adoption.notes.contains { $0.contains("was changed") })
        #expect(StackDrift.find(since: StackRevision(plan.outcome.exposed), live: live) == [])
    }

    @Test("groups, options of DNS, and address ranges of a network are in the file")
    func newerKeys() throws {
        var live = PlanFixture.live { service in
            service.spec.taskTemplate.containerSpec?.groups = ["audio", "1000"]
            service.spec.taskTemplate.containerSpec?.dnsConfig = DNSConfig(options: ["ndots:2"])
        }
        live.networks[0].enableIPv6 = true
        live.networks[0].ipam = IPAM(
            driver: "default",
            config: [
                IPAM.Pool(subnet: "172.28.0.0/16", ipRange: "172.28.5.0/24", gateway: "172.28.0.1"),
                IPAM.Pool(subnet: "fd00:1::/64"),
            ], options: ["foo": "bar"])
        live.networks[1].ipam = IPAM(
            driver: "default", config: [IPAM.Pool(subnet: "10.0.3.0/24", gateway: "10.0.3.1")])
        let adoption = try StackAdoption(stack: "shop", live: live)
        let desired = try Self.desired(adoption)
        let plan = try StackPlan.make(desired: desired, live: live)
        #expect(plan.hasNoChange && plan.warnings == [], "\(plan.lines())\n\(adoption.text)")
        #expect(desired.networks[0].ipam?.config?.count == 2 && desired.networks[0].ipam?.options == ["foo": "bar"])
        #expect(desired.networks[0].enableIPv6 == true && desired.networks[1].ipam == nil)
    }

    @Test("a stack that is not there is not found")
    func missing() {
        #expect(throws: RoadsteadError.self) { try StackAdoption(stack: "none", live: PlanFixture.live()) }
    }
}

/// A recorded state of the corpus as an engine would list it.
enum GoldenSwarm {
    static func live(_ state: JSONValue) throws -> LiveStack {
        func objects(_ section: String) -> [(String, JSONValue)] {
            (state[section]?.objectValue?.members ?? []).map { ($0.key, Normalised.value($0.value)) }
        }
        return LiveStack(
            services: try objects("services").map { name, value in
                var service = Service(
                    id: "service-" + name, version: ObjectVersion(index: 1), spec: try decode(value))
                // The comparison of goldens leaves an empty object out; here it says what the config is for.
                let configs = service.spec.taskTemplate.containerSpec?.configs
                service.spec.taskTemplate.containerSpec?.configs = configs?.map { reference in
                    var reference = reference
                    if reference.file == nil { reference.runtime = EmptyObject() }
                    return reference
                }
                return service
            },
            networks: try objects("networks").map { name, value in
                var object = value.objectValue ?? [:]
                (object["Id"], object["Name"]) = (.string("network-" + name), .string(name))
                return try decode(.object(object))
            },
            configs: try objects("configs").map { name, value in
                SwarmConfig(id: "id:" + name, version: ObjectVersion(index: 1), spec: try file(name, value))
            },
            secrets: try objects("secrets").map { name, value in
                SwarmSecret(id: "id:" + name, version: ObjectVersion(index: 1), spec: try file(name, value))
            })
    }

    private static func decode<Value: Decodable>(_ value: JSONValue) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(value.serialized()))
    }

    /// The recording writes data as text where it is one.
    private static func file(_ name: String, _ value: JSONValue) throws -> FileSpec {
        var object = value.objectValue ?? [:]
        let text = object["Data"]?.stringValue
        (object["Data"], object["Name"]) = (nil, .string(name))
        var spec: FileSpec = try decode(.object(object))
        if let text, text.hasPrefix("text:") { spec.data = Data(text.dropFirst(5).utf8) }
        if let text, text.hasPrefix("base64:") { spec.data = Data(base64Encoded: String(text.dropFirst(7))) }
        return spec
    }
}
