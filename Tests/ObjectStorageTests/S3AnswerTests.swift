import HTTPCalls
import RoadsteadBasics
import Testing

@testable import ObjectStorage

@Suite struct S3AnswerTests {
    @Test("buckets are read with their names and dates, whatever the namespace")
    func buckets() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?><ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
            <Owner><ID>x</ID></Owner><Buckets><Bucket><Name>a&amp;b</Name><CreationDate>2026-01-02T03:04:05.000Z</CreationDate>
            </Bucket><Bucket><Name>c</Name></Bucket></Buckets></ListAllMyBucketsResult>
            """
        let buckets = try #require(BucketList.read(Array(text.utf8)))
        #expect(buckets.map(\.name) == ["a&b", "c"])
        #expect(buckets[0].created?.description == "2026-01-02T03:04:05.000Z" && buckets[1].created == nil)
    }

    @Test(
        "a store without buckets has none; what is no list is none",
        arguments: [
            ("<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>", 0),
            ("<html><body>hello</body></html>", -1), ("", -1), ("<ListAllMyBucketsResult>", -1), ("{}", -1),
        ])
    func shapes(text: String, count: Int) {
        #expect((BucketList.read(Array(text.utf8))?.count ?? -1) == count)
    }

    @Test(
        "what a store refuses becomes a kind of error",
        arguments: [
            (403, "InvalidAccessKeyId", ObjectStorageError.Kind.unknownKey),
            (403, "SignatureDoesNotMatch", .wrongSecret),
            (403, "AccessDenied", .accessDenied),
            (403, "RequestTimeTooSkewed", .clockSkew),
            (404, "NoSuchBucket", .noSuchBucket),
            (409, "BucketNotEmpty", .bucketNotEmpty),
            (503, "SlowDown", .refused(status: 503, code: "SlowDown")),
        ])
    func refusals(status: Int, code: String, kind: ObjectStorageError.Kind) {
        let body = "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>words</Message></Error>"
        let reply = HTTPReply(status: status, headers: [], body: Array(body.utf8))
        #expect(S3Refusal.error(reply, endpoint: "https://s3").kind == kind)
    }

    @Test("a region that the store names is told; a page that is no S3 answer is told as such")
    func others() {
        let body = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>"
        let moved = S3Refusal.error(HTTPReply(status: 400, headers: [], body: Array(body.utf8)), endpoint: "e")
        #expect(moved.kind == .wrongRegion("eu-west-1"))
        let page = S3Refusal.error(HTTPReply(status: 404, headers: [], body: Array("nothing".utf8)), endpoint: "e")
        #expect(page.kind == .notS3)
    }

    @Test("a strange code is not repeated to people")
    func strange() {
        let body = "<Error><Code>\u{1B}[2J rm -rf</Code></Error>"
        let error = S3Refusal.error(HTTPReply(status: 400, headers: [], body: Array(body.utf8)), endpoint: "e")
        #expect(!error.message.contains("rm"))
    }
}
