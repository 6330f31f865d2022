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
        let user = try await user()
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
        let tag = site.tag(machine.token, name: machine.name)
        var refusals: [String] = []
        for zone in try await zones(for: machine) {
            let request = try await request(for: machine, in: zone, driver)
            do {
                return try await driver.ensure(.machine(request), tag: tag, patience: site.tools.patience)
            } catch  where error.code == .capacityMissing {
                refusals.append((zone.map { "zone \($0): " } ?? "") + error.message)
            } catch { throw RoadsteadError(error, doing: "make machine \(machine.name)") }
        }
        // Not tried again at once: room comes back in hours, and somebody waits for the answer.
        throw RoadsteadError(
            .limitExceeded,
            "cannot make machine \(machine.name): there is no room for a machine of size \(site.specification.size) "
                + "(\(refusals.joined(separator: "; "))); take another size, name more zones, or try later",
            context: ["cloud": CloudError.Code.capacityMissing.rawValue])
    }

    /// The machine's own, then the others that it may be in: those of the specification, or without any all that there are.
    private func zones(for machine: MachineDocument) async throws -> [String?] {
        var others = site.specification.zones
        if others.isEmpty { others = try await catalog().zones }
        // A cloud of one zone was asked for it already.
        guard others.count > 1 else { return [machine.zone] }
        return [machine.zone] + others.filter { $0 != machine.zone }
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
        if machine.role == .manager { request.placement = try await placement(driver) }
        if !driver.features.contains(.key) {
            let key = try await sshKey()
            request.userData = "#cloud-config\nssh_authorized_keys: [\(JSONValue.string(key).text())]\n"
        }
        return request
    }

    /// The group that keeps the managers apart, made when the first of them is; nil where none is asked for.
    private func placement(_ driver: any CloudDriver) async throws -> String? {
        guard site.specification.keepsManagersApart else { return nil }
        return try await placementLock.withLock(site.id) { _ in
            if let known = try await site.document().thing(.placement) { return known }
            let tag = site.tag(CloudKind.placement.rawValue, name: site.specification.name)
            let group = try await ensure(.placement, tag, driver)
            try await note { ClusterDocument.note(group, in: &$0) }
            return group.reference.id
        }
    }

    /// As whom the image lets the key in.
    private func user() async throws -> String {
        let image = site.specification.image
        return try await catalog().images.first { $0.name == image || $0.id == image }?.user ?? "root"
    }

    private func catalog() async throws -> CloudCatalog {
        do {
            return try await site.catalog() ?? CloudCatalog(zones: [], sizes: [], images: [])
        } catch let error as CloudError {
            throw RoadsteadError(error, doing: "read what driver \(site.specification.driver) offers")
        }
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
