/// Where an S3 store answers. Path-style addressing: the bucket is the first part of the path.
public struct S3Address: Sendable, Hashable {
    /// `http://host:port` or `https://host`, without a path.
    public let endpoint: String
    /// What requests are signed for; stores outside Amazon take any, by custom `us-east-1`.
    public let region: String

    public init(endpoint: String, region: String = "us-east-1") {
        self.endpoint = endpoint
        self.region = region
    }
}
