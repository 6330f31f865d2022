/// What a thing at a cloud is marked with, so that its cluster knows it again.
public struct CloudTag: Sendable, Hashable {
    /// The id of the cluster's document, without its type: `8c0d…`. No other cluster has it.
    public let cluster: String
    /// The step that wanted it, unlike every other of this cluster: of two things with one token one is surplus.
    public let token: String
    /// What people see at the provider: `prod-1`.
    public let name: String

    public init(cluster: String, token: String, name: String) {
        (self.cluster, self.token, self.name) = (cluster, token, name)
    }

    /// The labels of clouds that have key-value labels; others put the same text into a description.
    public static let clusterLabel = "roadstead-cluster"
    public static let tokenLabel = "roadstead-token"
}
