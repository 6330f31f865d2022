import DockerAPI
import DockerClient
import RoadsteadBasics

/// What an application says that a node must have. Told when no node of the Swarm has it, never enforced: the author's
/// numbers are advice.
struct MinimumRequirements: Sendable {
    /// Cores.
    var cpu: Double?
    /// MiB.
    var memory: Int64?
    /// As Docker names them; any of these.
    var architectures: Set<String>

    /// `content` of an application's version.
    init(_ content: JSONValue?) {
        cpu = content?["minimum-requirements"]?["min-cpu"]?.doubleValue
        memory = content?["minimum-requirements"]?["min-ram"]?.integerValue
        let names = content?["architectures"]?.arrayValue?.compactMap(\.stringValue) ?? []
        architectures = Set(names.map(Self.architecture))
    }

    var isEmpty: Bool { cpu == nil && memory == nil && architectures.isEmpty }

    /// Asks the Swarm only when there is something to ask for.
    func warnings(_ client: EngineClient) async throws -> [String] {
        isEmpty ? [] : warnings(try await client.nodes())
    }

    /// Space on disks is not looked at: engines do not tell it.
    func warnings(_ nodes: [SwarmNode]) -> [String] {
        let usable = nodes.filter { $0.status?.state == "ready" && ($0.spec.availability ?? "active") == "active" }
        var warnings: [String] = []
        if let cpu, !usable.contains(where: { Self.cores($0) >= cpu }) {
            let most = usable.map(Self.cores).max() ?? 0
            warnings.append("the application wants \(Self.text(cpu)) cores, no node has more than \(Self.text(most))")
        }
        if let memory, !usable.contains(where: { Self.mebibytes($0) >= memory }) {
            let most = usable.map(Self.mebibytes).max() ?? 0
            warnings.append("the application wants \(memory) MiB of memory, no node has more than \(most)")
        }
        if !architectures.isEmpty, !usable.contains(where: hasArchitecture) {
            let there = Set(usable.compactMap { $0.description?.platform?.architecture.map(Self.architecture) })
            warnings.append(
                "the application is made for \(architectures.sorted().joined(separator: ", ")), the nodes are "
                    + (there.isEmpty ? "unknown" : there.sorted().joined(separator: ", ")))
        }
        guard warnings.isEmpty, !usable.contains(where: fits) else { return warnings }
        return ["no node has all that the application wants: \(wishes.joined(separator: ", "))"]
    }

    private func fits(_ node: SwarmNode) -> Bool {
        Self.cores(node) >= cpu ?? 0 && Self.mebibytes(node) >= memory ?? 0
            && (architectures.isEmpty || hasArchitecture(node))
    }

    private var wishes: [String] {
        [cpu.map { "\(Self.text($0)) cores" }, memory.map { "\($0) MiB of memory" }].compactMap { $0 }
            + (architectures.isEmpty ? [] : [architectures.sorted().joined(separator: " or ")])
    }

    private func hasArchitecture(_ node: SwarmNode) -> Bool {
        node.description?.platform?.architecture.map { architectures.contains(Self.architecture($0)) } ?? false
    }

    private static func cores(_ node: SwarmNode) -> Double {
        Double(node.description?.resources?.nanoCPUs ?? 0) / 1_000_000_000
    }

    private static func mebibytes(_ node: SwarmNode) -> Int64 {
        (node.description?.resources?.memoryBytes ?? 0) >> 20
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() ? String(Int64(number)) : String(number)
    }

    /// One name for each: engines say what the kernel says.
    static func architecture(_ name: String) -> String {
        switch name.lowercased() {
        case "x86_64": "amd64"
        case "aarch64", "arm64/v8": "arm64"
        case "armv7l", "armhf": "arm/v7"
        case "armv6l": "arm/v6"
        case "i386", "i686", "x86": "386"
        case let name: name
        }
    }
}
