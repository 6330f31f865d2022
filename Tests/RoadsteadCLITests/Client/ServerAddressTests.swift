import RoadsteadBasics
import RoadsteadClient
import Testing

@Suite struct ServerAddressTests {
    @Test(
        "an address is read with or without scheme, port and /api",
        arguments: [
            ("https://roadstead.example.org", "https://roadstead.example.org"),
            ("https://roadstead.example.org/", "https://roadstead.example.org"),
            ("https://roadstead.example.org/api", "https://roadstead.example.org"),
            ("https://roadstead.example.org:8443/api/", "https://roadstead.example.org:8443"),
            ("http://10.0.0.4:8420", "http://10.0.0.4:8420"),
            ("roadstead.example.org", "https://roadstead.example.org"),
            ("127.0.0.1", "http://127.0.0.1:8420"),
            ("localhost:9000", "http://localhost:9000"),
            ("http://[::1]:8420", "http://[::1]:8420"),
        ])
    func reading(_ text: String, _ expected: String) throws {
        #expect(try ServerAddress(text).description == expected)
    }

    @Test(
        "what is no address is refused with a message that says why",
        arguments: [
            ("", "not a URL"), ("https://", "not a URL"), ("ftp://example.org", "scheme 'ftp'"),
            ("https://example.org/app", "has a path"), ("https://example.org/?a=b", "has a path"),
        ])
    func refusal(_ text: String, _ words: String) {
        #expect(message { _ = try ServerAddress(text) }.contains(words))
        #expect(code { _ = try ServerAddress(text) } == .invalidInput)
    }

    @Test("a password in an address is refused and not repeated")
    func password() {
        let text = message { _ = try ServerAddress("https://ada:tr0ub4dor@example.org") }
        #expect(text.contains("user name"))
        #expect(!text.contains("tr0ub4dor"))
    }
}
