import RoadsteadBasics

/// A key pair of an Amazon account, or of one that speaks EC2's query API, and the region it is used in.
public struct AmazonEC2Credential: Sendable, Hashable {
    public var accessKey: String
    public var secretKey: Redacted<String>
    /// Of temporary keys.
    public var sessionToken: Redacted<String>?
    /// As `eu-west-1`.
    public var region: String
    /// `http://host[:port]` or `https://host[:port]`; nil: Amazon's own for the region.
    public var endpoint: String?

    public init(
        accessKey: String, secretKey: Redacted<String>, sessionToken: Redacted<String>? = nil, region: String,
        endpoint: String? = nil
    ) {
        (self.accessKey, self.secretKey, self.sessionToken) = (accessKey, secretKey, sessionToken)
        (self.region, self.endpoint) = (region, endpoint)
    }
}
