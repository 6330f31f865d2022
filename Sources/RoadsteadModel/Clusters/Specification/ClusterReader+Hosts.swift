import RoadsteadBasics

extension ClusterReader {
    /// The hosts with their roles: those that say none become managers, in their order, as long as some are missing.
    mutating func readHosts(_ managers: Int) -> [ClusterHost] {
        let elements = value("hosts")?.arrayValue ?? []
        checkDuplicates(elements)
        let named = elements.count { Self.role($0) == .manager }
        if named > managers, !isFlawed("managers") {
            refuse("hosts", "has \(named) managers, but managers is \(managers): change a role, or managers")
        }
        var missing = managers - named
        let hosts = elements.map { element in
            var role = Self.role(element)
            if role == nil, missing > 0 {
                role = .manager
                missing -= 1
            }
            return Self.host(element, role ?? .worker)
        }
        if missing > 0, !elements.isEmpty, !isFlawed("managers") {
            refuse("hosts", "has too few that may be managers, \(missing) are missing: remove the role of some workers")
        }
        return hosts
    }

    private static func role(_ element: JSONValue) -> MachineRole? {
        element["role"]?.stringValue.flatMap(MachineRole.init)
    }

    private static func host(_ element: JSONValue, _ role: MachineRole) -> ClusterHost {
        ClusterHost(
            address: element["address"]?.stringValue ?? "", port: element["port"].flatMap(integer) ?? 22,
            user: element["user"]?.stringValue ?? "root", role: role, zone: element["zone"]?.stringValue,
            jump: element["jump"].map { jump in
                JumpHost(
                    address: jump["address"]?.stringValue ?? "", port: jump["port"].flatMap(integer) ?? 22,
                    user: jump["user"]?.stringValue ?? "root")
            })
    }

    private mutating func checkDuplicates(_ elements: [JSONValue]) {
        var places: [String: Int] = [:]
        for (index, element) in elements.enumerated() {
            let key = Self.host(element, .worker).key
            if let first = places[key] {
                refuse("hosts[\(index)]", "is the same host as hosts[\(first)] (\(key)): remove one of them")
            } else {
                places[key] = index
            }
        }
    }

    /// Labels, whose keys docker must be able to show as `key=value`.
    mutating func readLabels() -> ClusterLabels {
        let labels = value("labels")
        var nodes: [String: [String: String]] = [:]
        for (name, value) in labels?["nodes"]?.objectValue?.members ?? [] {
            nodes[name] = readLabels(value, at: "labels.nodes.\(name)")
        }
        return ClusterLabels(
            managers: readLabels(labels?["managers"], at: "labels.managers"),
            workers: readLabels(labels?["workers"], at: "labels.workers"), nodes: nodes)
    }

    private mutating func readLabels(_ value: JSONValue?, at path: String) -> [String: String] {
        var labels: [String: String] = [:]
        for (key, value) in value?.objectValue?.members ?? [] {
            if key.isEmpty || key.contains(where: { $0 == "=" || $0.isWhitespace }) {
                refuse("\(path).\(key)", "must be a key without '=' and blanks: rename it")
            }
            labels[key] = value.stringValue
        }
        return labels
    }

    /// Nodes that will never be there would take labels in silence.
    mutating func checkNodeLabels(_ specification: ClusterSpecification) {
        // Nodes of an adopted Swarm keep their own names.
        guard !isFlawed("name"), !isFlawed("labels"), !specification.isGeneric else { return }
        for name in specification.labels.nodes.keys.sorted()
        where ClusterNames.number(of: name, in: specification.name) == nil {
            refuse(
                "labels.nodes.\(name)",
                "is no node of \(specification.name): its nodes are \(ClusterNames.machine(1, of: specification.name)), "
                    + "\(ClusterNames.machine(2, of: specification.name)), ...")
        }
    }
}

extension ClusterHost {
    /// What tells hosts apart: one address can lead to several by its ports. IPv6 stands in brackets, in one form.
    public var key: String { Self.key(address, port) }

    public static func key(_ address: String, _ port: Int) -> String {
        guard address.contains(":"), let known = try? CIDR(address) else { return address.lowercased() + ":\(port)" }
        return (known.isIPv4 ? known.address : "[\(known.address)]") + ":\(port)"
    }
}
