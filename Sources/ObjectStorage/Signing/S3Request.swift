import HTTPCalls

/// One request of the S3 API before it is signed: a pure value.
public struct S3Request: Sendable, Hashable {
    public var method: String
    /// nil: the store itself, as for listing its buckets.
    public var bucket: String?
    /// The object's key, as it is.
    public var key: String?
    /// Names and values as they are, not encoded.
    public var query: [(name: String, value: String)]
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        _ method: String, bucket: String? = nil, key: String? = nil, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.bucket = bucket
        self.key = key
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// Path-style and encoded, as it stands in the request line.
    public var path: String {
        let parts = [bucket, key].compactMap { $0 }.map { URIEncoding.encode($0, keepsSlash: true) }
        return "/" + parts.joined(separator: "/")
    }

    /// The query, encoded, in the order that signing wants; empty when there is none.
    var canonicalQuery: String { URIEncoding.query(query) }

    /// As it is signed.
    var unsigned: SignatureV4.Request {
        SignatureV4.Request(method, path: path, query: query, headers: headers, body: body)
    }

    public static func == (left: S3Request, right: S3Request) -> Bool {
        left.method == right.method && left.path == right.path && left.canonicalQuery == right.canonicalQuery
            && left.headers.elementsEqual(right.headers, by: ==) && left.body == right.body
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(path)
        hasher.combine(canonicalQuery)
    }
}
