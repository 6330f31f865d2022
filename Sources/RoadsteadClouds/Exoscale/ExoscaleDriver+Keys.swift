import HTTPCalls
import RoadsteadBasics

/// SSH keys, whose id is their name; the name is the tag.
extension ExoscaleDriver {
    /// `register-ssh-key`. Exoscale takes a name only once.
    func makeKey(_ request: KeyRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource {
        if let found = try await keys().having(tag).first { return found }
        let name = try ExoscaleLabels.keyName(tag)
        try await exoscale.order(
            .make(
                "register-ssh-key", "/ssh-key", of: "key '\(tag.name)'",
                ["name": .string(name), "public-key": .string(request.publicKey)]))
        return CloudResource(CloudReference(.key, name), name: tag.name, tag: tag, state: .ready)
    }

    /// `get-ssh-key`.
    func key(_ name: String) async throws(CloudError) -> CloudResource? {
        try await exoscale.find(.read("get-ssh-key", Self.path(name), of: "key '\(name)'")).flatMap(Self.key)
    }

    /// `list-ssh-keys`.
    func keys() async throws(CloudError) -> [CloudResource] {
        try await exoscale.list(.read("list-ssh-keys", "/ssh-key"), "ssh-keys").compactMap(Self.key)
    }

    /// `delete-ssh-key`. Machines that were made with it keep it.
    func removeKey(_ name: String) async throws(CloudError) {
        try await exoscale.remove(.remove("delete-ssh-key", Self.path(name), of: "key '\(name)'"))
    }

    private static func path(_ name: String) -> String { "/ssh-key/" + URIEncoding.encode(name) }

    private static func key(_ item: JSONValue) -> CloudResource? {
        guard let name = item["name"]?.stringValue else { return nil }
        let tag = ExoscaleLabels.tag(keyName: name)
        return CloudResource(CloudReference(.key, name), name: tag?.name ?? name, tag: tag, state: .ready)
    }
}
