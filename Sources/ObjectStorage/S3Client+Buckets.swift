import HTTPCalls

extension S3Client {
    /// `GET /` (ListBuckets). Throws `notS3` when the answer is no list.
    public func buckets() async throws(ObjectStorageError) -> [S3Bucket] {
        let reply = try await send(S3Request("GET"))
        guard let buckets = BucketList.read(reply.body) else {
            throw notS3("what answers there (status \(reply.status)) is no S3 store")
        }
        return buckets
    }

    /// `HEAD /<bucket>`: whether the bucket is there and the key may see it. Throws `accessDenied` when it is another's.
    public func hasBucket(_ name: String) async throws(ObjectStorageError) -> Bool {
        do {
            _ = try await send(S3Request("HEAD", bucket: name))
            return true
        } catch {
            guard error.kind == .noSuchObject || error.kind == .noSuchBucket else { throw error }
            return false
        }
    }

    /// `PUT /<bucket>`. Throws `bucketExists` when it is another's, or this one's already.
    public func createBucket(_ name: String) async throws(ObjectStorageError) {
        _ = try await send(S3Request("PUT", bucket: name))
    }

    /// `DELETE /<bucket>`. Throws `bucketNotEmpty`, `noSuchBucket`.
    public func deleteBucket(_ name: String) async throws(ObjectStorageError) {
        _ = try await send(S3Request("DELETE", bucket: name))
    }
}
