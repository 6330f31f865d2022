import Crypto
import Foundation
import RoadsteadBasics

/// Amazon's Signature Version 4 for S3, in the header and in the query (presigned URLs). Pure.
///
/// Source: Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)"; tested against its examples.
public struct RequestSigner: Sendable {
    private let credentials: S3Credentials
    private let region: String

    private static let algorithm = "AWS4-HMAC-SHA256"
    /// What a presigned URL signs in the body's place.
    private static let unsignedPayload = "UNSIGNED-PAYLOAD"
    /// Seven days, the longest that stores accept.
    public static let longestLife: Duration = .seconds(604_800)

    public init(credentials: S3Credentials, region: String) {
        self.credentials = credentials
        self.region = region
    }

    /// The request's headers with `host`, `x-amz-date`, `x-amz-content-sha256`, the session token and `authorization`
    /// added. All headers given are signed.
    public func headers(
        _ request: S3Request, host: String, at moment: Instant
    ) -> [(name: String, value: String)] {
        let moment = SigningMoment(moment)
        let digest = Hexadecimal.text(Array(SHA256.hash(data: request.body)))
        var headers = request.headers + [("host", host), ("x-amz-content-sha256", digest)]
        headers.append(("x-amz-date", moment.timestamp))
        if let token = credentials.sessionToken { headers.append(("x-amz-security-token", token.exposed)) }
        let canonical = CanonicalHeaders(headers)
        let text = canonicalRequest(
            request, query: request.canonicalQuery, headers: canonical, payload: digest)
        let authorization =
            "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope(moment)), "
            + "SignedHeaders=\(canonical.names), Signature=\(signature(of: text, moment))"
        return headers + [("authorization", authorization)]
    }

    /// Path and query that let whoever holds them do this one request until `life` is over. Headers of the request are
    /// signed too, so that the bearer must send them as they are.
    public func presigned(
        _ request: S3Request, host: String, at moment: Instant, life: Duration
    ) -> String {
        let moment = SigningMoment(moment)
        let canonical = CanonicalHeaders(request.headers + [("host", host)])
        let seconds = min(max(1, life.components.seconds), Self.longestLife.components.seconds)
        var query = request.query
        query += [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(credentials.accessKey)/\(scope(moment))"),
            ("X-Amz-Date", moment.timestamp), ("X-Amz-Expires", String(seconds)),
            ("X-Amz-SignedHeaders", canonical.names),
        ]
        if let token = credentials.sessionToken { query.append(("X-Amz-Security-Token", token.exposed)) }
        let text = S3Request.canonical(query)
        let canonicalText = canonicalRequest(request, query: text, headers: canonical, payload: Self.unsignedPayload)
        return request.path + "?" + text + "&X-Amz-Signature=" + signature(of: canonicalText, moment)
    }

    private func canonicalRequest(
        _ request: S3Request, query: String, headers: CanonicalHeaders, payload: String
    ) -> String {
        [request.method, request.path, query, headers.lines, headers.names, payload].joined(separator: "\n")
    }

    private func scope(_ moment: SigningMoment) -> String { "\(moment.day)/\(region)/s3/aws4_request" }

    private func signature(of canonicalRequest: String, _ moment: SigningMoment) -> String {
        let digest = Hexadecimal.text(Array(SHA256.hash(data: Array(canonicalRequest.utf8))))
        let text = [Self.algorithm, moment.timestamp, scope(moment), digest].joined(separator: "\n")
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretKey.exposed)".utf8))
        for part in [moment.day, region, "s3", "aws4_request"] {
            key = SymmetricKey(data: Data(HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key)))
        }
        return Hexadecimal.text(Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)))
    }
}

/// Headers as they are signed: names in lower case and in order, values without blanks around them.
struct CanonicalHeaders {
    let lines: String
    let names: String

    init(_ headers: [(name: String, value: String)]) {
        let sorted = headers.map { ($0.name.lowercased(), Self.collapsed($0.value)) }.sorted { $0.0 < $1.0 }
        lines = sorted.map { $0.0 + ":" + $0.1 + "\n" }.joined()
        names = sorted.map(\.0).joined(separator: ";")
    }

    private static func collapsed(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
}
