import HTTPCalls

extension S3Client {
    /// `HEAD /<bucket>/<key>`. nil when there is no such object.
    public func facts(bucket: String, key: String) async throws(ObjectStorageError) -> S3ObjectFacts? {
        do {
            let reply = try await send(S3Request("HEAD", bucket: bucket, key: key))
            return S3ObjectFacts(
                size: reply.header("content-length").flatMap { Int64($0) }, contentType: reply.header("content-type"),
                tag: reply.header("etag").map { $0.replacing("\"", with: "") })
        } catch {
            guard error.kind == .noSuchObject || error.kind == .noSuchBucket else { throw error }
            return nil
        }
    }

    /// `GET /<bucket>/<key>`, whole. Throws `limitExceeded` when it is larger than the client takes.
    public func get(bucket: String, key: String) async throws(ObjectStorageError) -> [UInt8] {
        try await send(S3Request("GET", bucket: bucket, key: key)).body
    }

    /// `PUT /<bucket>/<key>`.
    public func put(
        _ bytes: [UInt8], bucket: String, key: String, contentType: String = "application/octet-stream"
    ) async throws(ObjectStorageError) {
        let headers = [(name: "content-type", value: contentType)]
        _ = try await send(S3Request("PUT", bucket: bucket, key: key, headers: headers, body: bytes))
    }

    /// `DELETE /<bucket>/<key>`; no error when there was none.
    public func delete(bucket: String, key: String) async throws(ObjectStorageError) {
        _ = try await send(S3Request("DELETE", bucket: bucket, key: key))
    }
}
