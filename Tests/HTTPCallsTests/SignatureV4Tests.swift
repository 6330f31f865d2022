import HTTPCalls
import RoadsteadBasics
import Testing

/// `get-vanilla` and `get-vanilla-query-order-key` of the published test suite, and signatures that botocore 1.43 made
/// for the `ec2` requests below. The keys are the published examples' and of no use.
@Suite struct SignatureV4Tests {
    struct Example: Sendable {
        var service = "ec2"
        var region = "us-east-1"
        var token: String?
        var host: String
        var moment = "2026-11-29T22:00:05.000Z"
        var request: SignatureV4.Request
        var names = "content-type;host;x-amz-date"
        var signature: String
    }

    private static func form(_ body: String) -> SignatureV4.Request {
        SignatureV4.Request(
            "POST", headers: [("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(body.utf8))
    }

    private static let examples: [Example] = [
        Example(
            service: "service", host: "example.amazonaws.com", moment: "2015-08-30T12:36:00.000Z",
            request: .init("GET"), names: "host;x-amz-date",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Example(
            service: "service", host: "example.amazonaws.com", moment: "2015-08-30T12:36:00.000Z",
            request: .init("GET", query: [("Param2", "value2"), ("Param1", "value1")]), names: "host;x-amz-date",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Example(
            region: "eu-west-1", host: "ec2.eu-west-1.amazonaws.com",
            request: form("Action=DescribeAvailabilityZones&Version=2016-11-15"),
            signature: "56b26faee4a3c1861065a03afa4f36d6ac663007dc02b7c315f9a1dfd8594238"),
        Example(
            region: "eu-west-1", token: "session/token+1=", host: "ec2.eu-west-1.amazonaws.com",
            request: form("Action=DescribeAvailabilityZones&Version=2016-11-15"),
            names: "content-type;host;x-amz-date;x-amz-security-token",
            signature: "110648118741f4a9d035f355e15a6cca772fbfbb86c216eb7ef5c88dcd84adef"),
        Example(
            host: "127.0.0.1:5000",
            request: form(
                "Action=DescribeInstances&Filter.1.Name=tag%3Aroadstead-cluster&Filter.1.Value.1=8c0d&Version=2016-11-15"
            ),
            signature: "e08c01cc91c173afc75d9faf340449c8e838146f559f99b2a1116d9a24fba271"),
        Example(
            host: "127.0.0.1:5000", request: form(""),
            signature: "6ad004f1df221a698763e0e376d010537a9838b5abb0765f67c9cb7d82ef2853"),
    ]

    @Test("a signature is the published or recorded one", arguments: 0..<6)
    func signs(index: Int) throws {
        let example = Self.examples[index]
        let signer = SignatureV4(
            accessKey: "AKIDEXAMPLE", secretKey: Redacted("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            sessionToken: example.token.map { Redacted($0) }, region: example.region, service: example.service)
        let moment = try #require(Instant(rfc3339: example.moment))
        let headers = signer.headers(example.request, host: example.host, at: moment)
        let value = headers.first { $0.name == "authorization" }?.value ?? ""
        #expect(value.hasSuffix("SignedHeaders=\(example.names), Signature=\(example.signature)"))
        #expect(value.contains("/\(example.region)/\(example.service)/aws4_request"))
        #expect(headers.first { $0.name == "x-amz-security-token" }?.value == example.token)
        #expect(!value.contains("wJalr"))
    }

    @Test("a form is encoded in the order that signing wants")
    func query() {
        #expect(URIEncoding.query([("b", "x y+z"), ("a.1", "ü/~")]) == "a.1=%C3%BC%2F~&b=x%20y%2Bz")
        #expect(URIEncoding.query([]) == "")
    }
}
