import DockerAPI
import Foundation
import RoadsteadBasics
import RoadsteadCompose

/// Makes what we want to send comparable with what was read back from an engine: adds the defaults that the engine adds,
/// and writes ids as the recording does.
enum EngineDefaults {
    static func service(_ spec: ServiceSpec) throws -> JSONValue {
        var spec = spec
        spec.endpointSpec = EndpointSpec(mode: spec.endpointSpec?.mode ?? "vip", ports: spec.endpointSpec?.ports)
        spec.taskTemplate.runtime = "container"
        spec.taskTemplate.forceUpdate = 0
        if var policy = spec.taskTemplate.restartPolicy {
            policy.condition = policy.condition ?? "any"
            policy.maxAttempts = policy.maxAttempts ?? 0
            spec.taskTemplate.restartPolicy = policy
        }
        spec.taskTemplate.containerSpec = container(spec.taskTemplate.containerSpec)
        spec.updateConfig = update(spec.updateConfig)
        spec.rollbackConfig = update(spec.rollbackConfig)
        return try json(spec)
    }

    private static func container(_ spec: ContainerSpec?) -> ContainerSpec? {
        guard var spec else { return nil }
        spec.isolation = spec.isolation ?? "default"
        // The engine that was recorded is older than this attribute, and forgets that one.
        spec.oomScoreAdj = nil
        spec.mounts = spec.mounts?.map { mount in
            var mount = mount
            mount.consistency = nil
            return mount
        }
        spec.configs = spec.configs?.map { reference in
            ConfigReference(
                file: reference.file, runtime: reference.runtime, configID: reference.configName.map { "id:" + $0 },
                configName: reference.configName)
        }
        spec.secrets = spec.secrets?.map { reference in
            SecretReference(
                file: reference.file, secretID: reference.secretName.map { "id:" + $0 },
                secretName: reference.secretName)
        }
        if let config = spec.privileges?.credentialSpec?.config {
            spec.privileges?.credentialSpec?.config = "id:" + config
        }
        return spec
    }

    private static func update(_ config: UpdateConfig?) -> UpdateConfig? {
        guard var config else { return nil }
        config.failureAction = config.failureAction ?? "pause"
        config.order = config.order ?? "stop-first"
        return config
    }

    static func network(_ network: NetworkCreate) throws -> JSONValue {
        var object: JSONObject = [
            "Driver": .string(network.driver ?? ""), "Scope": "swarm", "Internal": .bool(network.internal ?? false),
            "Attachable": .bool(network.attachable ?? false), "Ingress": false, "EnableIPv6": false,
            "ConfigOnly": false, "Labels": try json(network.labels), "Options": try json(network.options ?? [:]),
        ]
        let pools = try network.ipam?.config.map { try json($0.map(withGateway)) } ?? .array([["Subnet": "(auto)"]])
        object["IPAM"] = ["Driver": .string(network.ipam?.driver ?? "default"), "Config": pools]
        return .object(object)
    }

    /// The engine takes the first address of a subnet.
    private static func withGateway(_ pool: IPAM.Pool) -> IPAM.Pool {
        var pool = pool
        guard pool.gateway == nil, let subnet = pool.subnet?.split(separator: "/").first else { return pool }
        var bytes = subnet.split(separator: ".")
        bytes[bytes.count - 1] = "1"
        pool.gateway = bytes.joined(separator: ".")
        return pool
    }

    static func config(_ spec: FileSpec) throws -> JSONValue {
        guard case .object(var object) = try json(spec) else { return .null }
        object["Name"] = nil
        let data = spec.data ?? Data()
        let text = String(validating: data, as: UTF8.self)
        object["Data"] = .string(text.map { "text:" + $0 } ?? "base64:" + data.base64EncodedString())
        return .object(object)
    }

    static func secret(_ spec: FileSpec) throws -> JSONValue {
        var spec = spec
        spec.data = nil
        guard case .object(var object) = try json(spec) else { return .null }
        object["Name"] = nil
        return .object(object)
    }

    private static func json(_ value: some Encodable) throws -> JSONValue {
        try JSONValue.parse([UInt8](try JSONEncoder().encode(value)))
    }
}

/// Leaves out what says nothing, on both sides alike: null and empty values, but not under free keys, where an empty
/// text is a value like any other.
enum Normalised {
    private static let freeKeys: Set<String> = ["Mode", "Labels", "Options", "Sysctls"]

    static func value(_ value: JSONValue, under key: String? = nil) -> JSONValue {
        switch value {
        case .object(let object):
            let members = object.members.map { ($0.key, Self.value($0.value, under: $0.key)) }
            if let key, freeKeys.contains(key) { return .object(JSONObject(members)) }
            return .object(JSONObject(members.filter { !isEmpty($0.1) }))
        case .array(let elements): return .array(elements.map { Self.value($0) })
        case .number(let number): return Int64(exactly: number).map(JSONValue.integer) ?? value
        case .string(let text): return .string(expanded(text))
        default: return value
        }
    }

    private static func expanded(_ text: String) -> String {
        text.replacingOccurrences(of: "{CORPUS_PARENT}/", with: Corpus.parent + "/")
            .replacingOccurrences(of: "{CORPUS}", with: Corpus.directory)
            .replacingOccurrences(of: "{HOME}", with: Corpus.home)
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .string(""): true
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    /// One line for each place where the two differ.
    static func differences(_ want: JSONValue, _ got: JSONValue, at path: String = "") -> [String] {
        if want == got { return [] }
        if case .object(let want) = want, case .object(let got) = got {
            return Set(want.keys + got.keys).sorted().flatMap { key in
                differences(want[key] ?? .null, got[key] ?? .null, at: path + "/" + key)
            }
        }
        return ["\(path): docker \(want.text()) and we \(got.text())"]
    }
}
