import HTTPCalls
import RoadsteadBasics

/// Amazon's Signature Version 4 for S3, in the header and in the query (presigned URLs). Pure.
///
/// Source: Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)"; tested against its examples.
public struct RequestSigner: Sendable {
    private let signature: SignatureV4

    public static let longestLife = SignatureV4.longestLife

    public init(credentials: S3Credentials, region: String) {
        signature = SignatureV4(
            accessKey: credentials.accessKey, secretKey: credentials.secretKey, sessionToken: credentials.sessionToken,
            region: region, service: "s3")
    }

    /// The request's headers with `host`, `x-amz-date`, `x-amz-content-sha256`, the session token and `authorization`
    /// added. All headers given are signed.
    public func headers(
        _ request: S3Request, host: String, at moment: Instant
    ) -> [(name: String, value: String)] {
        signature.headers(request.unsigned, host: host, at: moment, tellsDigest: true)
    }

    /// Path and query that let whoever holds them do this one request until `life` is over. Headers of the request are
    /// signed too, so that the bearer must send them as they are.
    public func presigned(
        _ request: S3Request, host: String, at moment: Instant, life: Duration
    ) -> String {
        signature.presigned(request.unsigned, host: host, at: moment, life: life)
    }
}
