import RoadsteadBasics

/// A key pair of an S3 store, with the token of a session when it is a temporary one.
public struct S3Credentials: Sendable, Hashable {
    public var accessKey: String
    public var secretKey: Redacted<String>
    public var sessionToken: Redacted<String>?

    public init(accessKey: String, secretKey: Redacted<String>, sessionToken: Redacted<String>? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }
}
