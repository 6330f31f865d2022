import Testing

@testable import DockerClient

@Suite("API versions")
struct APIVersionTests {
    @Test("are read", arguments: [("1.41", APIVersion(1, 41)), ("1.5", APIVersion(1, 5)), ("2.0", APIVersion(2, 0))])
    func parse(text: String, expected: APIVersion) { #expect(APIVersion(text) == expected) }

    @Test("that are none are not read", arguments: ["", "1", "1.", ".1", "1.2.3", "1.x", "-1.2", "1.99999"])
    func refuse(text: String) { #expect(APIVersion(text) == nil) }

    @Test("compare by number, not by letter") func order() {
        #expect(APIVersion(1, 9) < APIVersion(1, 41))
        #expect(APIVersion(1, 51) < APIVersion(2, 0))
    }

    @Test(
        "settle on the smaller of both newest",
        arguments: [("1.41", "1.41"), ("1.45", "1.45"), ("1.52", "1.52"), ("1.53", "1.52"), ("2.0", "1.52")])
    func negotiate(theirs: String, spoken: String) throws {
        let version = try #require(APIVersion(theirs))
        #expect(APIVersion.negotiated(with: version)?.description == spoken)
    }

    @Test("before 1.41 are not spoken") func tooOld() { #expect(APIVersion.negotiated(with: APIVersion(1, 40)) == nil) }
}
