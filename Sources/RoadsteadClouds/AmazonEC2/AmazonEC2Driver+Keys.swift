import Foundation
import HTTPCalls

/// Key pairs, whose id for Roadstead is their name: machines are made with that.
extension AmazonEC2Driver {
    /// `ImportKeyPair`. The name is made of the tag, so that EC2 refuses a second one.
    func makeKey(_ request: KeyRequest, _ tag: CloudTag) async throws(CloudError) -> CloudResource {
        if let found = try await keys({ $0.having(tag) }).first { return found }
        let name = EC2Labels.uniqueName(tag)
        let query = EC2Query("ImportKeyPair").with("KeyName", name)
            .with("PublicKeyMaterial", Data(request.publicKey.utf8).base64EncodedString()).tagged(tag, "key-pair")
        try await ec2.send(query, excusing: ["InvalidKeyPair.Duplicate"])
        ec2.made(name)
        return CloudResource(CloudReference(.key, name), name: tag.name, tag: tag, state: .ready)
    }

    func key(_ name: String) async throws(CloudError) -> CloudResource? {
        let query = EC2Query("DescribeKeyPairs").list("KeyName", [name])
        return try await ec2.whole(query, in: "keySet", excusing: ["InvalidKeyPair.NotFound"]).compactMap(Self.key)
            .first
    }

    /// `DescribeKeyPairs` has no pages.
    func keys(_ choose: (EC2Query) -> EC2Query) async throws(CloudError) -> [CloudResource] {
        try await ec2.whole(choose(EC2Query("DescribeKeyPairs")), in: "keySet").compactMap(Self.key)
    }

    private static func key(_ item: XMLElement) -> CloudResource? {
        guard let name = item.text("keyName") else { return nil }
        return CloudResource(
            CloudReference(.key, name), name: EC2Labels.value("Name", item) ?? name, tag: EC2Labels.tag(item),
            state: .ready)
    }

    /// `DeleteKeyPair`.
    func removeKey(_ name: String) async throws(CloudError) {
        try await ec2.send(EC2Query("DeleteKeyPair").with("KeyName", name), excusing: ["InvalidKeyPair.NotFound"])
    }
}

/// Spread placement groups, by their names: seven running instances a zone at most.
extension AmazonEC2Driver {
    /// `CreatePlacementGroup`.
    func makePlacement(_ tag: CloudTag) async throws(CloudError) -> CloudResource {
        if let found = try await placements({ $0.having(tag) }).first { return found }
        let name = EC2Labels.uniqueName(tag)
        let query = EC2Query("CreatePlacementGroup").with("GroupName", name).with("Strategy", "spread")
            .tagged(tag, "placement-group")
        try await ec2.send(query, excusing: ["InvalidPlacementGroup.Duplicate"])
        ec2.made(name)
        return CloudResource(CloudReference(.placement, name), name: tag.name, tag: tag, state: .ready)
    }

    func placement(_ name: String) async throws(CloudError) -> CloudResource? {
        let query = EC2Query("DescribePlacementGroups").list("GroupName", [name])
        return try await ec2.whole(query, in: "placementGroupSet", excusing: ["InvalidPlacementGroup.Unknown"])
            .compactMap(Self.placement).first
    }

    /// `DescribePlacementGroups` has no pages.
    func placements(_ choose: (EC2Query) -> EC2Query) async throws(CloudError) -> [CloudResource] {
        try await ec2.whole(choose(EC2Query("DescribePlacementGroups")), in: "placementGroupSet")
            .compactMap(Self.placement)
    }

    private static func placement(_ item: XMLElement) -> CloudResource? {
        guard let name = item.text("groupName"), item.text("state") != "deleted" else { return nil }
        let state: CloudResource.State =
            switch item.text("state") {
            case "deleting": .removing
            case "pending": .pending
            default: .ready
            }
        return CloudResource(
            CloudReference(.placement, name), name: EC2Labels.value("Name", item) ?? name, tag: EC2Labels.tag(item),
            state: state)
    }

    /// `DeletePlacementGroup`.
    func removePlacement(_ name: String) async throws(CloudError) {
        try await ec2.send(
            EC2Query("DeletePlacementGroup").with("GroupName", name), excusing: ["InvalidPlacementGroup.Unknown"])
    }
}
