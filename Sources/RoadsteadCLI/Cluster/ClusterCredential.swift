import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// What the driver of a cluster acts with, found out before anything is made.
enum ClusterCredential: Sendable {
    /// One that the server has, by name or id.
    case named(String)
    case key(SSHKeyInput)
    case account(CloudAccount)
    /// The specification says it, or the driver needs none.
    case given

    /// What the command line says about it.
    struct Flags: Sendable {
        var name: String?
        var keyFile: String?
        var passphraseFromInput = false
    }

    /// Flags first, then the specification, then the environment. Throws invalidInput when a built-in driver is left
    /// without, and for keys that cannot be used.
    static func choose(
        _ flags: Flags, for document: JSONObject, _ environment: [String: String]
    ) async throws -> ClusterCredential {
        if let name = flags.name { return .named(name) }
        let driver = document["driver"]?.stringValue ?? ""
        let isGeneric = driver == ClusterSpecification.generic
        let variable = environment["SSH_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        if isGeneric, let path = flags.keyFile ?? (document["credential"] == nil ? variable : nil) {
            return .key(try await SSHKeyInput.read(path, passphraseFromInput: flags.passphraseFromInput))
        }
        if document["credential"] != nil { return .given }
        if isGeneric {
            throw missing("the hosts are entered by an SSH key: give its file by --ssh-key FILE (or SSH_KEY)")
        }
        guard ["exoscale", "amazonec2"].contains(driver) else { return .given }
        do { return .account(try CloudAccount.get(driver, environment)) } catch { throw missing(error.message) }
    }

    private static func missing(_ what: String) -> RoadsteadError {
        RoadsteadError(.invalidInput, what + ", or name a credential of the server by --credential NAME")
    }

    /// A line for the plan; nil where there is nothing to say.
    var line: String? {
        switch self {
        case .named(let name): "acts with credential \(name)"
        case .key(let key): "enters the hosts with the key of \(key.path), which is kept sealed at the server"
        case .account(let account):
            "acts with the key of \(account.variable), which is kept sealed at the server"
                + (account.isTemporary ? "; it is temporary, and the cluster needs another when it ends" : "")
        case .given: nil
        }
    }

    /// The credential's id; made where there is none yet, under the name of the cluster. nil: the document's own counts.
    func ensure(for cluster: String, _ connection: Connection) async throws(RoadsteadError) -> ResourceID? {
        let client = connection.client
        switch self {
        case .given: return nil
        case .named(let name): return try await ResourceLookup.credentials(client).id(name)
        case .key(let key):
            if let found = try await key.find(client) { return try told(found, connection, "is kept already") }
            return try await add(cluster + "-ssh", key.template, connection)
        case .account(let account): return try await ensure(account, for: cluster, connection)
        }
    }

    private func ensure(
        _ account: CloudAccount, for cluster: String, _ connection: Connection
    ) async throws(RoadsteadError) -> ResourceID {
        let client = connection.client
        let filter = "subtype='\(account.subtype)' and \(account.keyAttribute)=\(try FilterText.quoted(account.key))"
        let query = ClientQuery(filter: filter, orderBy: "created:asc", last: 1)
        guard let found = try await client.query("credential", query).documents.first else {
            return try await add("\(cluster)-\(account.driver)", account.template, connection)
        }
        let id = try told(found, connection, "holds this key already")
        // Who may see the secrets may also put right one that was typed wrong, or is another by now.
        let kept = try await client.get(id)
        let others = account.secrets.filter { name, secret in
            kept[name].map { $0 != .string(secret.exposed) } ?? false
        }
        if !others.isEmpty {
            _ = try await client.edit(id, JSONObject(others.map { ($0.key, .string($0.value.exposed)) }))
        }
        return id
    }

    private func told(
        _ found: JSONObject, _ connection: Connection, _ what: String
    ) throws(RoadsteadError) -> ResourceID {
        connection.console.error("roadstead: credential \(found.title) \(what), and is used")
        return try found.requireID()
    }

    private func add(
        _ name: String, _ template: JSONObject, _ connection: Connection
    ) async throws(RoadsteadError) -> ResourceID {
        let name = try await free(name, connection.client)
        let id = try await connection.client.add(
            "credential", ["name": .string(name), "template": .object(template)]
        ).requireResource()
        connection.console.error("roadstead: made credential \(name) (\(id))")
        return id
    }

    /// `prod-ssh`, or `prod-ssh-2`: a name that means two keys means none.
    private func free(_ name: String, _ client: APIClient) async throws(RoadsteadError) -> String {
        let query = ClientQuery(filter: "name^=\(try FilterText.quoted(name))", select: ["name"])
        let taken = Set(try await client.query("credential", query).documents.map { $0.text("name") })
        var (free, number) = (name, 1)
        while taken.contains(free) {
            number += 1
            free = "\(name)-\(number)"
        }
        return free
    }
}
