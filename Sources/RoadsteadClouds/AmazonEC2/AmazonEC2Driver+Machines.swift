import Foundation
import HTTPCalls
import Synchronization

extension AmazonEC2Driver {
    /// `RunInstances`, with a client token of the tag, so that EC2 itself makes no second one.
    ///
    /// A token whose machine was terminated is spent: EC2 would answer with the dead one. Then the next one that the tag
    /// gives is taken, which after a crash is the same one again.
    func makeMachine(_ request: MachineRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource {
        let known = try await tagged(tag)
        if let found = known.machines.first { return found }
        let image = try await image(request.image)
        let subnet = try await subnet(of: request.network, zone: request.zone)
        let query = Self.runInstances(request, image: image, subnet: subnet, tag)
        for attempt in known.dead..<known.dead + Self.spentTokens {
            let token = EC2Labels.clientToken(tag, attempt: attempt)
            if let made = try await run(query.with("ClientToken", token), tag) { return made }
        }
        throw CloudError(
            .invalidRequest,
            "machine '\(tag.name)' was made and terminated \(known.dead + Self.spentTokens) times; see at Amazon why its "
                + "instances end")
    }

    /// What carries the tag: what is there, and how many are terminated, which EC2 shows for about an hour.
    private func tagged(_ tag: CloudTag) async throws(CloudError) -> (machines: [CloudResource], dead: Int) {
        let items = try await ec2.items(EC2Query("DescribeInstances").having(tag), in: "reservationSet")
            .flatMap { $0["instancesSet"]?.all("item") ?? [] }
        let machines = items.compactMap(Self.machine)
        return (machines, items.count - machines.count)
    }

    /// Tokens of machines that EC2 shows no more and still answers with, for a day at least.
    private static let spentTokens = 16

    /// nil when the token is spent: its machine is terminated, or it was used with other values, as when the newest image
    /// changed in between, and nothing of it is there.
    private func run(_ query: EC2Query, _ tag: CloudTag) async throws(CloudError) -> CloudResource? {
        guard let root = try await ec2.send(query, excusing: ["IdempotentParameterMismatch"]) else {
            return try await machines({ $0.having(tag) }).first
        }
        guard let item = root["instancesSet"]?["item"], let id = item.text("instanceId") else {
            throw CloudError(.outcomeUnknown, "EC2 answered RunInstances without an instance")
        }
        guard let machine = Self.machine(item) else { return nil }
        ec2.made(id)
        return machine
    }

    private static func runInstances(
        _ request: MachineRequest, image: EC2Image.Found, subnet: String?, _ tag: CloudTag
    ) -> EC2Query {
        var query = EC2Query("RunInstances").with("MinCount", "1").with("MaxCount", "1").with("ImageId", image.id)
            .with("InstanceType", EC2Size.type(request.size)).with("KeyName", request.key)
            .list("SecurityGroupId", request.firewalls).with("SubnetId", subnet)
            .with("Placement.AvailabilityZone", subnet == nil ? request.zone : nil)
            .with("Placement.GroupName", request.placement)
            .with("BlockDeviceMapping.1.DeviceName", image.rootDevice)
            .with("BlockDeviceMapping.1.Ebs.VolumeSize", String(request.disk))
            .with("BlockDeviceMapping.1.Ebs.VolumeType", "gp3")
            .with("BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true")
            // Without a session of its own, what a container fetches for somebody else could read the user data.
            .with("MetadataOptions.HttpTokens", "required")
        if !request.userData.isEmpty {
            query = query.with("UserData", Data(request.userData.utf8).base64EncodedString())
        }
        return query.tagged(tag, "instance", "volume")
    }

    /// `DescribeInstances`, and `GetConsoleOutput` until the host keys are known.
    func machine(_ id: String) async throws(CloudError) -> CloudResource? {
        guard var machine = try await instance(id) else { return nil }
        if machine.state == .ready { machine.hostKeys = try await hostKeys(of: id) }
        return machine
    }

    private func instance(_ id: String) async throws(CloudError) -> CloudResource? {
        let codes: Set = ["InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"]
        let query = EC2Query("DescribeInstances").list("InstanceId", [id])
        let reservations = try await ec2.whole(query, in: "reservationSet", excusing: codes)
        return reservations.lazy.flatMap(Self.machines).first { $0.reference.id == id }
    }

    /// Those that a filter chooses, all pages; without terminated ones.
    func machines(_ choose: (EC2Query) -> EC2Query) async throws(CloudError) -> [CloudResource] {
        let states = ["pending", "running", "stopping", "stopped", "shutting-down"]
        let query = choose(EC2Query("DescribeInstances")).filter("instance-state-name", states)
        return try await ec2.items(query, in: "reservationSet").flatMap(Self.machines)
    }

    private static func machines(_ reservation: XMLElement) -> [CloudResource] {
        reservation["instancesSet"]?.all("item").compactMap(machine) ?? []
    }

    /// nil when it is terminated.
    private static func machine(_ item: XMLElement) -> CloudResource? {
        guard let id = item.text("instanceId"), let state = state(item["instanceState"]?.text("name")) else {
            return nil
        }
        let tag = EC2Labels.tag(item)
        return CloudResource(
            CloudReference(.machine, id), name: EC2Labels.value("Name", item) ?? id, tag: tag, state: state,
            address: filled(item.text("ipAddress")), privateAddress: filled(item.text("privateIpAddress")),
            zone: filled(item["placement"]?.text("availabilityZone")))
    }

    private static func filled(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    private static func state(_ name: String?) -> CloudResource.State? {
        switch name {
        case "running": .ready
        case "stopped": .stopped
        case "shutting-down": .removing
        case "terminated": nil
        default: .pending
        }
    }

    /// `TerminateInstances`.
    func removeMachine(_ id: String) async throws(CloudError) {
        let codes: Set = ["InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"]
        try await ec2.send(EC2Query("TerminateInstances").list("InstanceId", [id]), excusing: codes)
        hostKeys.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// `StartInstances`, `StopInstances` (with `Force` to kill), `RebootInstances`.
    public func power(_ order: PowerOrder, machine: CloudReference) async throws(CloudError) {
        guard machine.kind == .machine, let found = try await instance(machine.id), found.state != .removing else {
            throw CloudError(.notFound, "EC2 has no instance '\(machine.id)'")
        }
        let query =
            switch order {
            case .start: EC2Query("StartInstances")
            case .stop: EC2Query("StopInstances")
            case .kill: EC2Query("StopInstances").with("Force", "true")
            case .restart: EC2Query("RebootInstances")
            }
        try await ec2.send(query.list("InstanceId", [machine.id]))
    }
}
