import RoadsteadBasics

extension ClusterSpecification {
    /// Reads a document, strictly: what is not known is refused, with what was probably meant.
    ///
    /// - Throws: `invalidInput` with all problems, one a line, each with its path and what to do.
    public init(json: JSONValue) throws(RoadsteadError) {
        guard let object = json.objectValue else {
            throw RoadsteadError(
                .invalidInput, "a cluster's specification must be a map, with at least name and driver")
        }
        var reader = ClusterReader(object)
        let specification = reader.read()
        guard reader.problems.isEmpty else {
            let lines = reader.problems.map { "  \($0)" }.joined(separator: "\n")
            throw RoadsteadError(.invalidInput, "the cluster's specification is not valid:\n\(lines)")
        }
        self = specification
    }

    /// All that is wrong with a document; empty when it can be read.
    public static func problems(in json: JSONObject) -> [SchemaProblem] {
        var reader = ClusterReader(json)
        _ = reader.read()
        return reader.problems
    }

    /// The document in its canonical form: everything decided, what has no value left out, members in the table's order.
    ///
    /// Reading it gives an equal specification again.
    public var json: JSONObject {
        var json: JSONObject = ["name": .string(name), "driver": .string(driver)]
        json["credential"] = credential.map { .string($0.description) }
        if !isGeneric { addMachines(to: &json) }
        json["managers"] = JSONValue(managers)
        json["workers"] = JSONValue(workers)
        if !labels.isEmpty { json["labels"] = .object(labels.json) }
        json["engine"] = .object(engine.json)
        if network != ClusterNetwork() { json["network"] = .object(network.json) }
        json["autolock"] = .bool(isAutolocked)
        json["ports"] = JSONValue(ports.map(\.description))
        json["engine-access"] = JSONValue(engineAccess)
        json["ssh-access"] = JSONValue(sshAccess)
        if !hosts.isEmpty { json["hosts"] = .array(hosts.map { .object($0.json) }) }
        if !options.isEmpty { json["options"] = .object(options) }
        return json
    }

    private func addMachines(to json: inout JSONObject) {
        json["region"] = region.map(JSONValue.string)
        if !zones.isEmpty { json["zones"] = JSONValue(zones) }
        json["size"] = .string(size)
        json["disk"] = JSONValue(disk)
        json["image"] = .string(image)
    }
}

extension ClusterLabels {
    var json: JSONObject {
        var json: JSONObject = [:]
        if !managers.isEmpty { json["managers"] = Self.map(managers) }
        if !workers.isEmpty { json["workers"] = Self.map(workers) }
        if !nodes.isEmpty {
            json["nodes"] = .object(
                JSONObject(nodes.sorted { $0.key < $1.key }.map { ($0.key, Self.map($0.value)) }))
        }
        return json
    }

    private static func map(_ labels: [String: String]) -> JSONValue {
        .object(JSONObject(labels.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }))
    }
}

extension ClusterEngine {
    var json: JSONObject {
        var json: JSONObject = ["packages": .string(packages.rawValue)]
        json["version"] = version.map(JSONValue.string)
        json["patience"] = patience.map { JSONValue($0) }
        return json
    }
}

extension ClusterNetwork {
    var json: JSONObject {
        var json: JSONObject = [:]
        json["range"] = range.map(JSONValue.string)
        json["mtu"] = mtu.map { JSONValue($0) }
        if !pools.isEmpty { json["pools"] = JSONValue(pools) }
        return json
    }
}

extension ClusterHost {
    var json: JSONObject {
        var json: JSONObject = [
            "address": .string(address), "port": JSONValue(port), "user": .string(user), "role": .string(role.rawValue),
        ]
        json["zone"] = zone.map(JSONValue.string)
        json["jump"] = jump.map {
            ["address": .string($0.address), "port": JSONValue($0.port), "user": .string($0.user)]
        }
        return json
    }
}
