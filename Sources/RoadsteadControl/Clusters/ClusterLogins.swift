import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// How the machines of a cluster are entered.
struct ClusterLogins: Sendable {
    let store: DocumentStore
    let cluster: ResourceID

    /// Throws `notFound` for a machine that there is none of, `invalidState` without address or key.
    func login(_ name: String) async throws -> HostLogin {
        try await login(try await store.machine(name, of: cluster))
    }

    func login(_ machine: MachineDocument) async throws -> HostLogin {
        guard let address = machine.address else {
            throw RoadsteadError(.invalidState, "machine \(machine.name) has no address yet")
        }
        do {
            return try HostLogin(
                address: HostAddress(address, port: machine.port), user: machine.user,
                trust: Self.trust(machine.hostKeys), authentication: try await authentication(),
                jump: try Self.jump(machine.stored["jump"]))
        } catch let error as RemoteHostError { throw RoadsteadError(error, doing: "enter machine \(machine.name)") }
    }

    /// Known by the keys that were seen; before that, by whatever it shows.
    private static func trust(_ lines: [String]) -> HostKeyTrust {
        let keys = lines.compactMap { HostKey($0) }
        return keys.isEmpty ? .firstContact : .known(keys)
    }

    private static func jump(_ json: JSONValue?) throws(RemoteHostError) -> HostLogin.Jump? {
        guard let json, let address = json["address"]?.stringValue else { return nil }
        let keys = json["host-keys"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return try HostLogin.Jump(
            address: HostAddress(address, port: json["port"]?.integerValue.map(Int.init) ?? 22),
            user: json["user"]?.stringValue ?? "root", trust: trust(keys))
    }

    /// A host of the specification that is no machine yet.
    func login(_ host: ClusterHost, _ specification: ClusterSpecification) async throws -> HostLogin {
        do {
            let jump = try host.jump.map { jump throws(RemoteHostError) in
                try HostLogin.Jump(
                    address: HostAddress(jump.address, port: jump.port), user: jump.user, trust: .firstContact)
            }
            return try HostLogin(
                address: HostAddress(host.address, port: host.port), user: host.user, trust: .firstContact,
                authentication: try await key(of: specification), jump: jump)
        } catch let error as RemoteHostError { throw RoadsteadError(error, doing: "enter host \(host.key)") }
    }

    /// The cluster's own key for machines that a driver made, the credential's for hosts that existed.
    func authentication() async throws -> HostAuthentication {
        let document = ClusterDocument(try await store.get(cluster))
        let specification = try document.specification()
        guard specification.isGeneric else {
            guard let key = try store.opened("ssh-private-key", of: document.stored) else {
                throw RoadsteadError(.invalidState, "\(cluster) has no SSH key yet")
            }
            return .key(key)
        }
        return try await key(of: specification)
    }

    private func key(of specification: ClusterSpecification) async throws -> HostAuthentication {
        guard let id = specification.credential else {
            throw RoadsteadError(
                .invalidState, "\(cluster) has no credential: set credential in its specification to an SSH key")
        }
        let secrets = DriverSecrets(credential: try await store.get(id), store: store)
        return .key(try secrets.opened("private-key"), passphrase: try secrets.find("passphrase"))
    }
}
