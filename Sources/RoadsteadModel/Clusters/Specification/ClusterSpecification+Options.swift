import RoadsteadBasics

extension ClusterSpecification {
    /// The options of drivers that are part of Roadstead, for clouds: no other is taken. Those of programs are theirs.
    static let cloudOptions: [String: Schema] = {
        let apart = Attribute(antiAffinity, .boolean, description: "Managers never share a host of the cloud's.")
        let common = Schema(hostOptions + [apart])
        return ["exoscale": common, "amazonec2": common]
    }()

    private static let antiAffinity = "anti-affinity"

    /// Whether the cloud is to keep the managers on different hosts of its own.
    public var keepsManagersApart: Bool { !isGeneric && options[Self.antiAffinity] == true }
}
