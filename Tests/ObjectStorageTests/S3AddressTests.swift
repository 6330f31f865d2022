import ObjectStorage
import Testing

@Suite struct S3AddressTests {
    @Test(
        "an endpoint says scheme, host, port and region",
        arguments: [
            ("http://s3.example.org", "http://s3.example.org", "us-east-1"),
            ("https://s3.example.org:443/", "https://s3.example.org", "us-east-1"),
            ("10.0.0.4:9000", "https://10.0.0.4:9000", "us-east-1"),
            ("https://s3.eu-west-3.amazonaws.com", "https://s3.eu-west-3.amazonaws.com", "eu-west-3"),
            ("https://s3.amazonaws.com", "https://s3.amazonaws.com", "us-east-1"),
        ])
    func reads(endpoint: String, description: String, region: String) throws {
        let address = try S3Address(endpoint: endpoint)
        #expect(address.description == description && address.region == region)
    }

    @Test(
        "what is no endpoint is refused",
        arguments: [
            "", "ftp://s3.example.org", "https://s3.example.org/bucket", "https://user:pass@s3.example.org", "https://",
        ])
    func refuses(endpoint: String) {
        #expect(throws: ObjectStorageError.self) { _ = try S3Address(endpoint: endpoint) }
    }

    @Test("a password in an endpoint is not repeated in the message")
    func hidden() throws {
        let error = #expect(throws: ObjectStorageError.self) {
            try S3Address(endpoint: "https://u:hush@s3.example.org")
        }
        #expect(error?.description.contains("hush") == false)
    }
}
