import ObjectStorage
import Testing

@Test("a store without a region is signed for us-east-1")
func defaultRegion() { #expect(S3Address(endpoint: "http://s3.example.org").region == "us-east-1") }
