import RoadsteadBasics

extension ClusterSpecification {
    /// The JSON Schema (2020-12) of the document, for editors. Made of the table that the decoder checks with.
    public static var schema: JSONObject {
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Roadstead cluster",
            "description": "What a cluster of machines shall be: see `roadstead cluster apply`.",
        ]
        for (key, value) in attributes.jsonSchema { schema[key] = value }
        var properties = schema["properties"]?.objectValue ?? [:]
        for (name, value) in defaults { properties[name] = with(value, as: "default", in: properties[name]) }
        properties["managers"] = with(
            .array(managerCounts.map { JSONValue($0) }), as: "enum", in: properties["managers"])
        schema["properties"] = .object(properties)
        return schema
    }

    private static func with(_ value: JSONValue, as key: String, in property: JSONValue?) -> JSONValue {
        var property = property?.objectValue ?? [:]
        property[key] = value
        return .object(property)
    }
}

// MARK: - The table

extension ClusterSpecification {
    /// Every attribute with the values that it takes. Rules between attributes are `ClusterReader`'s.
    static let attributes = Schema([
        Attribute("name", .token(rule: ClusterNames.rule, ClusterNames.isName), .required, description: Said.name),
        Attribute("driver", .text, .required, description: Said.driver),
        Attribute("credential", .resource(["credential"]), description: Said.credential),
        Attribute("region", .text, description: Said.region),
        Attribute("zones", .array(of: .text, minimum: 1, isDistinct: true), description: Said.zones),
        Attribute("size", .text, description: Said.size),
        Attribute("disk", .integer(8...65536), description: "GiB of a machine's system disk."),
        Attribute("image", .text, description: Said.image),
        Attribute("nodes", .integer(1...Int64(nodeLimit)), description: Said.nodes),
        Attribute("managers", .integer(1...5), description: "How many nodes are managers: 1, 3 or 5."),
        Attribute("workers", .integer(0...Int64(nodeLimit)), description: "How many nodes are workers."),
        Attribute("labels", .map(labelAttributes), description: Said.labels),
        Attribute("engine", .map(engineAttributes), description: "Which Docker Engine the machines get."),
        Attribute("network", .map(networkAttributes), description: "How machines and containers are connected."),
        Attribute("autolock", .boolean, description: Said.autolock),
        Attribute("ports", .array(of: portRange, minimum: 0, isDistinct: true), description: Said.ports),
        Attribute("engine-access", .array(of: range, minimum: 0, isDistinct: true), description: Said.engineAccess),
        Attribute("ssh-access", .array(of: range, minimum: 0, isDistinct: true), description: Said.sshAccess),
        Attribute("hosts", .array(of: .map(hostAttributes), minimum: 1, isDistinct: false), description: Said.hosts),
        Attribute("options", .map(Schema(hostOptions, openness: .open)), description: Said.options),
    ])

    private static let labelAttributes = Schema([
        Attribute("managers", labelMap, description: "Of every manager."),
        Attribute("workers", labelMap, description: "Of every worker."),
        Attribute("nodes", .dictionary(of: labelMap), description: "Of one node, by its name such as prod-2."),
    ])

    private static let engineAttributes = Schema([
        Attribute("packages", .oneOf(ClusterEngine.Packages.allCases.map(\.rawValue)), description: Said.packages),
        Attribute(
            "version", .token(rule: "a version in quotes, such as \"26.1\"", isVersion), description: Said.version),
        Attribute("patience", .integer(10...86_400), description: Said.patience),
    ])

    private static let networkAttributes = Schema([
        Attribute("range", range, description: "A private network of the cluster's own, such as 10.10.0.0/24."),
        Attribute("mtu", .integer(1280...9000), description: "Bytes; measured when it is not given."),
        Attribute("pools", .array(of: range, minimum: 1, isDistinct: true), description: Said.pools),
    ])

    private static let hostAttributes = Schema([
        Attribute("address", address, .required, description: "Name or IP address."),
        Attribute("port", .integer(1...65535), description: "Of SSH; 22 when it is not given."),
        Attribute("user", .text, description: "root, or somebody who may use sudo without a password."),
        Attribute("role", .oneOf(MachineRole.allCases.map(\.rawValue)), description: Said.role),
        Attribute("zone", .text, description: "Where it stands: managers are spread over zones."),
        Attribute("jump", .map(jumpAttributes), description: "The host through which it is reached."),
    ])

    private static let jumpAttributes = Schema([
        Attribute("address", address, .required, description: "Name or IP address."),
        Attribute("port", .integer(1...65535), description: "Of SSH; 22 when it is not given."),
        Attribute("user", .text, description: "root when it is not given."),
    ])

    /// What can be asked for with every driver.
    static let hostOptions = [
        Attribute("adopt", .boolean, description: Said.adopt),
        Attribute(
            "data-disk", .token(rule: "auto, or a disk of the machines such as /dev/vdb", isDisk),
            description: Said.dataDisk),
    ]

    private static let labelMap = AttributeKind.dictionary(of: .string)
    private static let portRange = AttributeKind.token(rule: "ports in words, such as 443/tcp or 30000-32000/tcp") {
        PortRange($0) != nil
    }
    private static let range = AttributeKind.token(rule: "a range of addresses, such as 203.0.113.0/24") {
        (try? CIDR($0)) != nil
    }
    private static let address = AttributeKind.token(rule: "the name or IP address of a host, without user or port") {
        ClusterNames.isAddress($0)
    }

    private static func isVersion(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return (1...3).contains(parts.count)
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }

    private static func isDisk(_ text: String) -> Bool {
        guard text != "auto" else { return true }
        return text.hasPrefix("/dev/") && text.utf8.count <= 200 && text.last != "/" && !text.contains("..")
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/-_.:".contains($0)) }
    }

    /// Sentences for people.
    private enum Said {
        static let options = "What hosts are asked for besides, and what only the driver knows."
        static let adopt = "Hosts that run containers, or are in a Swarm, are taken with them (driver generic)."
        static let dataDisk = "Docker's data go to a disk of their own: the one that is empty, or this one if it is."
        static let name = "The machines are named after it: prod-1, prod-2, ..."
        static let driver = "Who makes the machines: generic (hosts that exist), exoscale, amazonec2, ..."
        static let credential = "What the driver acts with."
        static let region = "Where the machines are made; the credential's own when it is not given."
        static let zones = "The machines are spread over them, managers first."
        static let size = "tiny, small (2 vCPU, 2 GiB), medium, large, extra-large, huge, or the driver's own word."
        static let image = "debian-12, debian-13, ubuntu-22.04, ubuntu-24.04, or the driver's own word."
        static let nodes =
            "All nodes together; the first is the manager and the rest are workers, unless managers says more."
        static let labels = "Labels of the nodes, for placement; those of one node beat those of its role."
        static let autolock = "Whether managers need a key, which is kept sealed, when they start."
        static let ports = "Open to the world, for what the containers publish."
        static let engineAccess = "Who may reach the engine API besides the control plane."
        static let sshAccess = "Who may reach SSH besides the control plane."
        static let hosts = "Hosts that exist, for the driver generic."
        static let packages = "The Linux distribution's packages, or Docker's own."
        static let version = "26.1 or 26.1.5; the newest when it is not given."
        static let patience =
            "Seconds that an upgrade waits for a node's tasks to leave, and for services to be whole again; 300 without it."
        static let pools = "Ranges of which overlay networks are cut."
        static let role = "Hosts without one are managers as long as there are too few, in their order."
    }
}
