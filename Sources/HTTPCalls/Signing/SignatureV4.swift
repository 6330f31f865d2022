import Crypto
import Foundation
import RoadsteadBasics

/// Amazon's Signature Version 4 with one key pair for one service in one region, in the header and in the query. Pure.
///
/// Source: AWS General Reference, "Create a signed AWS API request"; tested against its published test suite, the
/// examples of the S3 API Reference, and signatures of Amazon's own library.
public struct SignatureV4: Sendable {
    /// One request before it is signed.
    public struct Request: Sendable {
        public var method: String
        /// Encoded, as it stands in the request line.
        public var path: String
        /// Names and values as they are, not encoded.
        public var query: [(name: String, value: String)]
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]

        public init(
            _ method: String, path: String = "/", query: [(name: String, value: String)] = [],
            headers: [(name: String, value: String)] = [], body: [UInt8] = []
        ) {
            (self.method, self.path, self.query) = (method, path, query)
            (self.headers, self.body) = (headers, body)
        }
    }

    private let accessKey: String
    private let secretKey: Redacted<String>
    private let sessionToken: Redacted<String>?
    private let region: String
    private let service: String

    private static let algorithm = "AWS4-HMAC-SHA256"
    /// What a presigned URL signs in the body's place.
    private static let unsignedPayload = "UNSIGNED-PAYLOAD"
    /// Seven days, the longest that services accept.
    public static let longestLife: Duration = .seconds(604_800)

    /// `service`: Amazon's short name, as `s3` or `ec2`.
    public init(
        accessKey: String, secretKey: Redacted<String>, sessionToken: Redacted<String>? = nil, region: String,
        service: String
    ) {
        (self.accessKey, self.secretKey, self.sessionToken) = (accessKey, secretKey, sessionToken)
        (self.region, self.service) = (region, service)
    }

    /// The request's headers with `host`, `x-amz-date`, the session token and `authorization` added. All headers given
    /// are signed. `tellsDigest`: adds `x-amz-content-sha256`, which S3 wants.
    public func headers(
        _ request: Request, host: String, at moment: Instant, tellsDigest: Bool = false
    ) -> [(name: String, value: String)] {
        let moment = SigningMoment(moment)
        let digest = Hexadecimal.text(Array(SHA256.hash(data: request.body)))
        var headers = request.headers + [("host", host)]
        if tellsDigest { headers.append(("x-amz-content-sha256", digest)) }
        headers.append(("x-amz-date", moment.timestamp))
        if let sessionToken { headers.append(("x-amz-security-token", sessionToken.exposed)) }
        let canonical = CanonicalHeaders(headers)
        let text = canonicalRequest(
            request, query: URIEncoding.query(request.query), headers: canonical, payload: digest)
        let authorization =
            "\(Self.algorithm) Credential=\(accessKey)/\(scope(moment)), "
            + "SignedHeaders=\(canonical.names), Signature=\(signature(of: text, moment))"
        return headers + [("authorization", authorization)]
    }

    /// Path and query that let whoever holds them do this one request until `life` is over. Headers of the request are
    /// signed too, so that the bearer must send them as they are.
    public func presigned(_ request: Request, host: String, at moment: Instant, life: Duration) -> String {
        let moment = SigningMoment(moment)
        let canonical = CanonicalHeaders(request.headers + [("host", host)])
        let seconds = min(max(1, life.components.seconds), Self.longestLife.components.seconds)
        var query = request.query
        query += [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(accessKey)/\(scope(moment))"),
            ("X-Amz-Date", moment.timestamp), ("X-Amz-Expires", String(seconds)),
            ("X-Amz-SignedHeaders", canonical.names),
        ]
        if let sessionToken { query.append(("X-Amz-Security-Token", sessionToken.exposed)) }
        let text = URIEncoding.query(query)
        let canonicalText = canonicalRequest(request, query: text, headers: canonical, payload: Self.unsignedPayload)
        return request.path + "?" + text + "&X-Amz-Signature=" + signature(of: canonicalText, moment)
    }

    private func canonicalRequest(
        _ request: Request, query: String, headers: CanonicalHeaders, payload: String
    ) -> String {
        [request.method, request.path, query, headers.lines, headers.names, payload].joined(separator: "\n")
    }

    private func scope(_ moment: SigningMoment) -> String { "\(moment.day)/\(region)/\(service)/aws4_request" }

    private func signature(of canonicalRequest: String, _ moment: SigningMoment) -> String {
        let digest = Hexadecimal.text(Array(SHA256.hash(data: Array(canonicalRequest.utf8))))
        let text = [Self.algorithm, moment.timestamp, scope(moment), digest].joined(separator: "\n")
        var key = SymmetricKey(data: Array("AWS4\(secretKey.exposed)".utf8))
        for part in [moment.day, region, service, "aws4_request"] {
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
