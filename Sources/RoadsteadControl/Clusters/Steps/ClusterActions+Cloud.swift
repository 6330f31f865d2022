import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// At the cloud: what machines are put into, and machines.
extension ClusterActions {
    private var cluster: String { site.id.identifier }

    private func driver() throws(RoadsteadError) -> any CloudDriver {
        guard let driver = site.driver else {
            throw RoadsteadError(.internal, "\(site.id) has hosts that exist: nothing is made for it")
        }
        return driver
    }

    // MARK: - Foundation

    func foundation(_ kind: ClusterSteps.Kind) async throws -> JSONValue {
        let driver = try driver()
        let request: CloudRequest
        switch kind {
        case .network: request = .network(NetworkRequest(range: site.specification.network.range ?? ""))
        case .firewall:
            request = .firewall(
                FirewallRequest(
                    rules: try await site.doors().rules, network: try await site.document().thing(.network)))
        default: request = .key(KeyRequest(publicKey: try await sshKey()))
        }
        guard request.kind.feature.map(driver.features.contains) ?? true else { return try skip(kind, driver) }
        let thing = try await ensure(request, site.tag(kind.rawValue, name: site.specification.name), driver)
        if case .firewall(let firewall) = request, thing.rules != Set(firewall.rules) {
            try await driver.setRules(firewall.rules, firewall: thing.reference)
        }
        try await note { ClusterDocument.note(thing, in: &$0) }
        return ["id": .string(thing.reference.id)]
    }

    /// A cloud may do without firewalls and keys (those go along with the first boot), but not without a network that was
    /// asked for.
    private func skip(_ kind: ClusterSteps.Kind, _ driver: any CloudDriver) throws(RoadsteadError) -> JSONValue {
        guard kind != .network else {
            throw RoadsteadError(
                .unsupported, "driver \(driver.name) makes no networks: leave network.range out of the specification")
        }
        return ["skipped": .string("driver \(driver.name) has none")]
    }

    private func ensure(
        _ request: CloudRequest, _ tag: CloudTag, _ driver: any CloudDriver
    ) async throws -> CloudResource {
        do { return try await driver.ensure(request, tag: tag, patience: site.tools.patience) } catch {
            throw RoadsteadError(error, doing: "make \(request.kind.rawValue) \(tag.name)")
        }
    }

    /// The cluster's own key, made once.
    private func sshKey() async throws -> String {
        if let known = try await site.document().stored["ssh-public-key"]?.stringValue { return known }
        let (pair, id, sealer) = (SSHKeyPair.ed25519(comment: site.specification.name), site.id, site.store.sealer)
        return try await context.write { transaction in
            let changed = try transaction.modify(id) { document in
                guard document["ssh-public-key"] == nil else { return }
                document["ssh-public-key"] = .string(pair.publicKey)
                document[ClusterSecrets.sshKey] = try ClusterSecrets.seal(
                    pair.privateKey, ClusterSecrets.sshKey, of: id, by: sealer)
            }
            return changed["ssh-public-key"]?.stringValue ?? pair.publicKey
        }
    }

    // MARK: - Machines

    /// Hosts that exist are there already. Where a zone has no room, the next of the specification's is tried.
    func make(_ machine: MachineDocument) async throws -> JSONValue {
        guard !machine.isGeneric else {
            try await note(machine) {
                MachineDocument.become(.making, &$0)
                MachineDocument.become(.booting, &$0)
            }
            return ["address": machine.address.map(JSONValue.string) ?? .null]
        }
        let driver = try driver()
        let user = try await user(driver)
        try await note(machine) { MachineDocument.become(.making, &$0) }
        let made = try await makeSomewhere(machine, driver)
        guard let address = made.address ?? made.privateAddress else {
            throw RoadsteadError(.unavailable, "machine \(machine.name) is up and has no address yet")
        }
        try await note(machine) { document in
            document["provider-id"] = .string(made.reference.id)
            document["address"] = .string(address)
            document["private-address"] = made.privateAddress.map(JSONValue.string)
            document["zone"] = made.zone.map(JSONValue.string) ?? document["zone"]
            document["user"] = .string(user)
            if !made.hostKeys.isEmpty { document["host-keys"] = JSONValue(made.hostKeys) }
            MachineDocument.become(.booting, &document)
        }
        return ["id": .string(made.reference.id), "address": .string(address)]
    }

    private func makeSomewhere(
        _ machine: MachineDocument, _ driver: any CloudDriver
    ) async throws -> CloudResource {
        let zones = [machine.zone] + site.specification.zones.filter { $0 != machine.zone }
        let tag = site.tag(machine.token, name: machine.name)
        for (index, zone) in zones.enumerated() {
            let request = try await request(for: machine, in: zone, driver)
            do {
                return try await driver.ensure(.machine(request), tag: tag, patience: site.tools.patience)
            } catch  where error.code == .capacityMissing && index + 1 < zones.count {
                continue
            } catch { throw RoadsteadError(error, doing: "make machine \(machine.name)") }
        }
        throw RoadsteadError(.internal, "no zone was tried for machine \(machine.name)")
    }

    private func request(
        for machine: MachineDocument, in zone: String?, _ driver: any CloudDriver
    ) async throws -> MachineRequest {
        let document = try await site.document()
        let specification = site.specification
        var request = MachineRequest(
            size: specification.size, image: specification.image, zone: zone, disk: specification.disk,
            key: document.thing(.key), firewalls: [document.thing(.firewall)].compactMap(\.self),
            network: document.thing(.network))
        if !driver.features.contains(.key) {
            let key = try await sshKey()
            request.userData = "#cloud-config\nssh_authorized_keys: [\(JSONValue.string(key).text())]\n"
        }
        return request
    }

    /// As whom the image lets the key in.
    private func user(_ driver: any CloudDriver) async throws -> String {
        do {
            let images = try await driver.catalog().images
            let image = site.specification.image
            return images.first { $0.name == image || $0.id == image }?.user ?? "root"
        } catch { throw RoadsteadError(error, doing: "read the images of driver \(driver.name)") }
    }

    // MARK: - The way in

    /// Where no setting tells this server's own address, the machine does: it may reach the engines from there.
    func letIn(seenFrom address: String?) async throws {
        guard let driver = site.driver, driver.features.contains(.firewall), site.tools.publicAddresses.isEmpty,
            let range = address.flatMap({ try? CIDR($0) })
        else { return }
        let source = "\(range.description)/\(range.bits)"
        try await firewallLock.withLock(site.id) { _ in
            let document = try await site.document()
            guard !document.seenFrom.contains(source), let id = document.thing(.firewall) else { return }
            let doors = ClusterDoors(
                specification: site.specification, controlPlane: document.seenFrom + [source])
            // The firewall first: what the document tells is open.
            try await driver.setRules(doors.rules, firewall: CloudReference(.firewall, id))
            try await note { $0["seen-from"] = JSONValue(document.seenFrom + [source]) }
        }
    }
}
