import Foundation
import Logging
import ObjectStorage
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Our S3 client against a real store.
@Suite("S3 on a real store")
struct ObjectStorageLabTests {
    private func with(_ body: (S3Client) async throws -> Void) async throws {
        let lab = try LabHosts.required()
        let store = try lab.store()
        let client = try S3Client(
            address: S3Address(endpoint: store.secureEndpoint),
            credentials: S3Credentials(accessKey: store.accessKey, secretKey: store.secretKey),
            authorities: try String(contentsOfFile: lab.tlsFolder + "/ca.pem", encoding: .utf8),
            logger: Logger(label: "lab"))
        do { try await body(client) } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    @Test("buckets and objects come and go, keys with strange characters too")
    func objects() async throws {
        let bucket = "lab-" + UUID().uuidString.lowercased()
        let key = "a folder/ü+&=?%.txt"
        try await with { client in
            #expect(try await client.hasBucket(bucket) == false)
            try await client.createBucket(bucket)
            #expect(try await client.hasBucket(bucket))
            #expect(try await client.buckets().contains { $0.name == bucket && $0.created != nil })
            #expect(try await client.facts(bucket: bucket, key: key) == nil)
            try await client.put(Array("hello".utf8), bucket: bucket, key: key, contentType: "text/plain")
            let facts = try #require(try await client.facts(bucket: bucket, key: key))
            #expect(facts.size == 5 && facts.contentType == "text/plain")
            #expect(facts.tag == "5d41402abc4b2a76b9719d911017c592")
            #expect(try await client.get(bucket: bucket, key: key) == Array("hello".utf8))
            let full = await #expect(throws: ObjectStorageError.self) { try await client.deleteBucket(bucket) }
            #expect(full?.kind == .bucketNotEmpty)
            try await client.delete(bucket: bucket, key: key)
            let gone = await #expect(throws: ObjectStorageError.self) { try await client.get(bucket: bucket, key: key) }
            #expect(gone?.kind == .noSuchObject)
            try await client.deleteBucket(bucket)
            let missing = await #expect(throws: ObjectStorageError.self) { try await client.deleteBucket(bucket) }
            #expect(missing?.kind == .noSuchBucket)
        }
    }

    @Test("whoever holds a presigned URL may put and get that one object, by any program")
    func presigned() async throws {
        let lab = try LabHosts.required()
        let bucket = "lab-" + UUID().uuidString.lowercased()
        let curl = { (arguments: [String]) in
            try await Program.run(
                "/usr/bin/curl", ["-sS", "-m", "20", "--cacert", lab.tlsFolder + "/ca.pem"] + arguments)
        }
        try await with { client in
            try await client.createBucket(bucket)
            let upload = client.presignedURL(
                S3Request("PUT", bucket: bucket, key: "x y", headers: [("content-type", "text/plain")]),
                life: .seconds(60))
            let put = try await curl([
                "-f", "-X", "PUT", "-H", "Content-Type: text/plain", "--data-binary", "hi", upload,
            ])
            #expect(put.status == 0, "\(put.transcript)")
            let other = try await curl([
                "-f", "-X", "PUT", "-H", "Content-Type: text/html", "--data-binary", "hi", upload,
            ])
            #expect(other.status != 0)
            let download = client.presignedURL(S3Request("GET", bucket: bucket, key: "x y"), life: .seconds(60))
            #expect(try await curl(["-f", download]).output == "hi")
            #expect(try await curl(["-f", download.replacing("x%20y", with: "x%20z")]).status != 0)
            try await client.delete(bucket: bucket, key: "x y")
            try await client.deleteBucket(bucket)
        }
    }
}
