import Foundation

/// Where an S3 store answers. Path-style addressing: the bucket is the first part of the path.
public struct S3Address: Sendable, Hashable, CustomStringConvertible {
    public let isSecure: Bool
    public let host: String
    /// nil: the scheme's own.
    public let port: Int?
    /// What requests are signed for; stores outside Amazon take any, by custom `us-east-1`.
    public let region: String

    /// `endpoint` is `http://host[:port]` or `https://host[:port]`, without a path; without a scheme TLS is meant.
    ///
    /// Throws `invalidInput` for anything else.
    public init(endpoint: String, region: String? = nil) throws(ObjectStorageError) {
        let text = endpoint.contains("://") ? endpoint : "https://" + endpoint
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme)
        else { throw Self.refusal(endpoint, "it is no URL of http or https") }
        guard parts.user == nil, parts.password == nil else { throw Self.refusal("(hidden)", "it holds a user name") }
        guard ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil else {
            throw Self.refusal(endpoint, "it has a path; give scheme, host and port only")
        }
        isSecure = scheme == "https"
        self.host = host.lowercased()
        port = parts.port.flatMap { $0 == (scheme == "https" ? 443 : 80) ? nil : $0 }
        self.region = region ?? Self.region(ofHost: self.host)
    }

    private init(_ other: S3Address, region: String) {
        (isSecure, host, port, self.region) = (other.isSecure, other.host, other.port, region)
    }

    /// The same store, signed for another region.
    func inRegion(_ region: String) -> S3Address { S3Address(self, region: region) }

    /// As the `Host` header has it.
    public var hostHeader: String { host + (port.map { ":\($0)" } ?? "") }

    /// Scheme, host and port.
    public var description: String { (isSecure ? "https://" : "http://") + hostHeader }

    /// Amazon's regional hosts say their region: `s3.eu-west-1.amazonaws.com`.
    private static func region(ofHost host: String) -> String {
        let labels = host.split(separator: ".")
        guard host.hasSuffix(".amazonaws.com"), labels.count == 4, labels[0] == "s3" else { return "us-east-1" }
        return String(labels[1])
    }

    private static func refusal(_ text: String, _ why: String) -> ObjectStorageError {
        ObjectStorageError(
            .invalidInput, "'\(text)' is no S3 endpoint: \(why), as in https://s3.example.org", endpoint: text)
    }
}
