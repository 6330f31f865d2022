import ObjectStorage
import RoadsteadBasics
import Testing

/// The examples of the Amazon S3 API Reference (2013-05-24, `examplebucket`), whose keys are public and of no use.
@Suite struct RequestSignerTests {
    private static let signer = RequestSigner(
        credentials: S3Credentials(
            accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: Redacted("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
        region: "us-east-1")
    private static let host = "examplebucket.s3.amazonaws.com"

    private func moment() throws -> Instant { try #require(Instant(rfc3339: "2013-05-24T00:00:00.000Z")) }

    private static let examples: [(request: S3Request, signature: String)] = [
        (
            S3Request("GET", key: "test.txt", headers: [("range", "bytes=0-9")]),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        ),
        (
            S3Request(
                "PUT", key: "test$file.text",
                headers: [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                body: Array("Welcome to Amazon S3.".utf8)),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        ),
        (
            S3Request("GET", query: [("lifecycle", "")]),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        ),
        (
            S3Request("GET", query: [("prefix", "J"), ("max-keys", "2")]),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        ),
    ]

    @Test("a signed header is the published one", arguments: 0..<4)
    func headers(index: Int) throws {
        let example = Self.examples[index]
        let headers = Self.signer.headers(example.request, host: Self.host, at: try moment())
        let authorization = try #require(headers.first { $0.name == "authorization" }?.value)
        #expect(authorization.hasSuffix("Signature=" + example.signature))
        #expect(
            authorization.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"))
    }

    @Test("a presigned URL is the published one")
    func presigned() throws {
        let path = Self.signer.presigned(
            S3Request("GET", key: "test.txt"), host: Self.host, at: try moment(), life: .seconds(86_400))
        #expect(
            path.hasPrefix("/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F2013"))
        #expect(
            path.hasSuffix("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"))
    }

    @Test("a URL lives seven days at most, and a second at least", arguments: [(0, 1), (700_000, 604_800)])
    func life(asked: Int, given: Int) throws {
        let path = Self.signer.presigned(
            S3Request("GET", key: "a"), host: Self.host, at: try moment(), life: .seconds(asked))
        #expect(path.contains("X-Amz-Expires=\(given)&"))
    }

    @Test("another secret, body, path or moment is another signature; the secret is in none of it")
    func differs() throws {
        let moment = try moment()
        let base = S3Request("PUT", bucket: "b", key: "k", body: [1])
        let sign = { (request: S3Request, moment: Instant) in
            Self.signer.headers(request, host: "h", at: moment).first { $0.name == "authorization" }?.value ?? ""
        }
        let texts = [
            sign(base, moment), sign(base, moment + .seconds(1)), sign(S3Request("PUT", bucket: "b", key: "k"), moment),
            sign(S3Request("PUT", bucket: "b", key: "l", body: [1]), moment),
        ]
        #expect(Set(texts).count == texts.count)
        #expect(texts.allSatisfy { !$0.contains("wJalr") })
    }

    @Test("a path keeps its slashes and escapes the rest")
    func path() {
        #expect(S3Request("GET", bucket: "b", key: "a b/ü+.txt").path == "/b/a%20b/%C3%BC%2B.txt")
        #expect(S3Request("GET").path == "/")
    }
}
