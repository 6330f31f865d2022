import Foundation
import RoadsteadBasics

extension ExoscaleDriver {
    /// `create-instance`, then `attach-instance-to-private-network`. Called again, it attaches what is not.
    func makeMachine(_ request: MachineRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource {
        let known = try await instances().compactMap { machine($0, addresses: [:]) }.having(tag).first
        // One that is in error is the caller's to remove.
        if let known, case .failed = known.state { return known }
        let id: String
        if let known { id = known.reference.id } else { id = try await createInstance(request, tag) }
        let instance = try await instance(id)
        if let network = request.network, instance.map(Self.networks)?.contains(network) != true {
            try await attach(id, to: network, of: tag)
        }
        return instance.flatMap { machine($0, addresses: [:]) }
            ?? CloudResource(CloudReference(.machine, id), name: tag.name, tag: tag, state: .pending, zone: zone)
    }

    private func createInstance(_ request: MachineRequest, _ tag: CloudTag) async throws(CloudError) -> String {
        try check(request)
        let (size, template) = (try await size(request.size), try await template(request.image))
        let call = ExoscaleCall.make(
            "create-instance", "/instance", of: "machine '\(tag.name)'",
            Self.body(request, size: size.id, template: template.id, tag))
        do { return try await exoscale.made(call) } catch {
            throw await isQuotaReached(error) ?? error
        }
    }

    /// What needs no asking.
    func check(_ request: MachineRequest) throws(CloudError) {
        if let wanted = request.zone, wanted.lowercased() != zone {
            throw CloudError(
                .invalidRequest,
                "no machine can be made in zone '\(wanted)': this cluster is in zone \(zone) of Exoscale, and a cluster is "
                    + "in one")
        }
        guard (10...51_200).contains(request.disk) else {
            throw CloudError(.invalidRequest, "Exoscale makes disks of 10 to 51200 GiB, not of \(request.disk)")
        }
        let size = (request.userData.utf8.count + 2) / 3 * 4
        guard size <= 32_768 else {
            throw CloudError(.invalidRequest, "the user data is \(size) bytes encoded; Exoscale takes 32768")
        }
    }

    private static func body(
        _ request: MachineRequest, size: String, template: String, _ tag: CloudTag
    ) -> JSONObject {
        func reference(_ id: String) -> JSONValue { ["id": .string(id)] }
        var body: JSONObject = [
            "name": .string(String(tag.name.prefix(255))), "labels": ExoscaleLabels.labels(tag),
            "instance-type": reference(size), "template": reference(template), "disk-size": JSONValue(request.disk),
        ]
        if let key = request.key { body["ssh-keys"] = [["name": .string(key)]] }
        if !request.firewalls.isEmpty { body["security-groups"] = .array(request.firewalls.map(reference)) }
        if let placement = request.placement { body["anti-affinity-groups"] = [reference(placement)] }
        if !request.userData.isEmpty {
            body["user-data"] = .string(Data(request.userData.utf8).base64EncodedString())
        }
        return body
    }

    /// `get-quota`: Exoscale has no code for it, so that a refusal without a clear cause is looked into.
    private func isQuotaReached(_ error: CloudError) async -> CloudError? {
        guard [.unavailable, .invalidRequest].contains(error.code) else { return nil }
        guard let quota = try? await exoscale.send(.read("get-quota", "/quota/instance")),
            let limit = quota["limit"]?.integerValue, let usage = quota["usage"]?.integerValue, limit >= 0,
            usage >= limit
        else { return nil }
        return CloudError(
            .quotaExceeded,
            "the Exoscale organization may have \(limit) instances and has \(usage); remove some or ask Exoscale for more"
        )
    }

    /// `get-instance`; with its private address, `get-private-network`.
    func machine(_ id: String) async throws(CloudError) -> CloudResource? {
        guard let item = try await instance(id) else { return nil }
        return machine(item, addresses: try await addresses(in: Self.networks(of: item)))
    }

    private func instance(_ id: String) async throws(CloudError) -> JSONValue? {
        guard let id = Self.checkedID(id) else { return nil }
        return try await exoscale.find(.read("get-instance", "/instance/\(id)", of: "machine '\(id)'"))
    }

    /// `list-instances`.
    private func instances() async throws(CloudError) -> [JSONValue] {
        try await exoscale.list(.read("list-instances", "/instance"), "instances")
    }

    func machines(_ isChosen: (CloudTag) -> Bool) async throws(CloudError) -> [CloudResource] {
        let items = try await instances().filter { ExoscaleLabels.tag(labelsOf: $0).map(isChosen) == true }
        let addresses = try await addresses(in: Set(items.flatMap(Self.networks)))
        return items.compactMap { machine($0, addresses: addresses) }
    }

    /// The name of an instance that has the thing in a list of its own.
    func user(of list: String, _ id: String) async throws(CloudError) -> String? {
        try await instances().first { item in
            Self.state(item) != nil && item[list]?.arrayValue?.contains { $0["id"]?.stringValue == id } == true
        }.map { $0["name"]?.stringValue ?? $0["id"]?.stringValue ?? "unnamed" }
    }

    private func addresses(in networks: Set<String>) async throws(CloudError) -> [String: String] {
        var found: [String: String] = [:]
        for network in networks.sorted() {
            let leases = try await privateNetwork(network).map(Self.leases) ?? [:]
            found.merge(leases) { first, _ in first }
        }
        return found
    }

    private static func networks(of item: JSONValue) -> Set<String> {
        Set((item["private-networks"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue })
    }

    /// nil when it is destroyed.
    private func machine(_ item: JSONValue, addresses: [String: String]) -> CloudResource? {
        guard let id = item["id"]?.stringValue, let state = Self.state(item) else { return nil }
        let address = item["public-ip"]?.stringValue
        return CloudResource(
            CloudReference(.machine, id), name: item["name"]?.stringValue ?? id,
            tag: ExoscaleLabels.tag(labelsOf: item), state: state, address: address?.isEmpty == true ? nil : address,
            privateAddress: addresses[id], zone: zone)
    }

    private static func state(_ item: JSONValue) -> CloudResource.State? {
        switch item["state"]?.stringValue {
        case "running", "migrating": .ready
        case "stopped": .stopped
        case "destroying", "expunging": .removing
        case "destroyed": nil
        case "error": .failed("Exoscale says that it is in error")
        default: .pending
        }
    }

    /// `delete-instance`.
    func removeMachine(_ id: String) async throws(CloudError) {
        guard let item = try await instance(id), let state = Self.state(item), state != .removing else { return }
        try await exoscale.remove(.remove("delete-instance", "/instance/\(id)", of: "machine '\(id)'"))
    }

    /// `start-instance`, `stop-instance`, `reboot-instance`; Exoscale's API has no harder way to stop than to stop. What is
    /// so already needs no order.
    public func power(_ order: PowerOrder, machine: CloudReference) async throws(CloudError) {
        guard machine.kind == .machine, let item = try await instance(machine.id), let state = Self.state(item),
            state != .removing
        else { throw CloudError(.notFound, "Exoscale has no instance '\(machine.id)' in zone \(zone)") }
        let path = "/instance/" + machine.id.lowercased()
        let call: (operation: String, path: String)
        switch (order, state) {
        case (.start, .ready), (.stop, .stopped), (.kill, .stopped): return
        case (.start, _), (.restart, .stopped): call = ("start-instance", path + ":start")
        case (.stop, _), (.kill, _): call = ("stop-instance", path + ":stop")
        case (.restart, _): call = ("reboot-instance", path + ":reboot")
        }
        try await exoscale.order(.change(call.operation, call.path, of: "machine '\(machine.id)'"))
    }
}
