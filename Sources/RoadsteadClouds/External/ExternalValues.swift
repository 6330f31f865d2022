import RoadsteadBasics

// How the values of the seam are spelled in the protocol: `Documentation/drivers.md` shows each.

extension CloudError {
    /// nil when the code is not one that a program may answer with.
    init?(external: JSONObject, cleaned: (String) -> String) {
        guard let code = external["code"]?.stringValue.flatMap(Code.init(rawValue:)), code != .brokenDriver,
            code != .cancelled, let message = external["message"]?.stringValue
        else { return nil }
        let seconds = external["retry-after"]?.doubleValue.map { min(max($0, 0), 86_400) }
        self.init(code, cleaned(message), retryAfter: seconds.map { .milliseconds(Int64($0 * 1000)) })
    }
}

extension CloudReference {
    /// Within a member of its own: the call's `id` is another one.
    var external: JSONObject {
        let thing = JSONObject([("kind", .string(kind.rawValue)), ("id", .string(id))])
        return JSONObject([("thing", .object(thing))])
    }
}

extension CloudTag {
    var external: JSONValue {
        .object(JSONObject([("cluster", .string(cluster)), ("token", .string(token)), ("name", .string(name))]))
    }

    init?(external: JSONValue) {
        guard let cluster = external["cluster"]?.stringValue, let token = external["token"]?.stringValue,
            let name = external["name"]?.stringValue
        else { return nil }
        self.init(cluster: cluster, token: token, name: name)
    }
}

extension FirewallRule {
    var external: JSONValue {
        let from: String
        switch source {
        case .addresses(let range): from = range
        case .members: from = "members"
        }
        return .object(
            JSONObject([
                ("transport", .string(transport.rawValue)), ("from-port", .integer(Int64(ports.lowerBound))),
                ("to-port", .integer(Int64(ports.upperBound))), ("source", .string(from)),
                ("purpose", .string(purpose)),
            ]))
    }

    init?(external: JSONValue) {
        guard let transport = external["transport"]?.stringValue.flatMap(Transport.init(rawValue:)),
            let lower = external["from-port"]?.integerValue, let upper = external["to-port"]?.integerValue,
            0 <= lower, lower <= upper, upper <= 65_535, let source = external["source"]?.stringValue
        else { return nil }
        self.init(
            transport, Int(lower)...Int(upper), from: source == "members" ? .members : .addresses(source),
            purpose: external["purpose"]?.stringValue ?? "")
    }
}

extension CloudRequest {
    var external: JSONObject {
        var values = JSONObject()
        switch self {
        case .network(let network): values["range"] = .string(network.range)
        case .firewall(let firewall):
            values["rules"] = .array(firewall.rules.map(\.external))
            values["network"] = firewall.network.map(JSONValue.string)
        case .key(let key): values["public-key"] = .string(key.publicKey)
        case .placement: break
        case .machine(let machine): values = machine.external
        }
        return JSONObject([("kind", .string(kind.rawValue)), ("request", .object(values))])
    }
}

extension MachineRequest {
    fileprivate var external: JSONObject {
        var values = JSONObject([("size", .string(size)), ("image", .string(image)), ("disk", .integer(Int64(disk)))])
        values["zone"] = zone.map(JSONValue.string)
        values["key"] = key.map(JSONValue.string)
        values["firewalls"] = JSONValue(firewalls)
        values["network"] = network.map(JSONValue.string)
        values["placement"] = placement.map(JSONValue.string)
        values["user-data"] = .string(userData)
        return values
    }
}

extension CloudResource {
    init?(external: JSONValue) {
        guard let kind = external["kind"]?.stringValue.flatMap(CloudKind.init(rawValue:)),
            let id = external["id"]?.stringValue, !id.isEmpty, let name = external["name"]?.stringValue,
            let state = State(external: external)
        else { return nil }
        let rules = external["rules"]?.arrayValue ?? []
        let known = rules.compactMap(FirewallRule.init(external:))
        guard known.count == rules.count else { return nil }
        self.init(
            CloudReference(kind, id), name: name, tag: external["tag"].flatMap(CloudTag.init(external:)), state: state,
            address: external["address"]?.stringValue, privateAddress: external["private-address"]?.stringValue,
            zone: external["zone"]?.stringValue,
            hostKeys: external["host-keys"]?.arrayValue?.compactMap(\.stringValue) ?? [], rules: Set(known))
    }
}

extension CloudResource.State {
    fileprivate init?(external: JSONValue) {
        switch external["state"]?.stringValue {
        case "pending": self = .pending
        case "ready": self = .ready
        case "stopped": self = .stopped
        case "removing": self = .removing
        case "failed": self = .failed(String((external["problem"]?.stringValue ?? "no reason told").prefix(500)))
        default: return nil
        }
    }
}

extension CloudCatalog {
    init?(external: JSONObject) {
        guard let zones = external["zones"]?.arrayValue?.compactMap(\.stringValue),
            let sizes = external["sizes"]?.arrayValue?.map(Size.init(external:)),
            let images = external["images"]?.arrayValue?.map(Image.init(external:)), sizes.allSatisfy({ $0 != nil }),
            images.allSatisfy({ $0 != nil })
        else { return nil }
        self.init(zones: zones, sizes: sizes.compactMap { $0 }, images: images.compactMap { $0 })
    }
}

extension CloudCatalog.Size {
    fileprivate init?(external: JSONValue) {
        guard let id = external["id"]?.stringValue, let name = external["name"]?.stringValue,
            let cores = external["cores"]?.integerValue.flatMap({ Int(exactly: $0) }),
            let memory = external["memory"]?.integerValue.flatMap({ Int(exactly: $0) })
        else { return nil }
        self.init(id: id, name: name, cores: cores, memory: memory, price: external["price"]?.stringValue)
    }
}

extension CloudCatalog.Image {
    fileprivate init?(external: JSONValue) {
        guard let id = external["id"]?.stringValue, let name = external["name"]?.stringValue,
            let user = external["user"]?.stringValue
        else { return nil }
        self.init(id: id, name: name, user: user)
    }
}
