import DockerClient
import RoadsteadBasics
import Testing

@Suite("Engine endpoints")
struct EndpointTests {
    @Test(
        "are read from what people write",
        arguments: [
            ("unix:///run/docker.sock", "unix:///run/docker.sock"),
            ("/run/docker.sock", "unix:///run/docker.sock"),
            ("tcp://10.0.0.1:2375", "tcp://10.0.0.1:2375"),
            ("tcp://10.0.0.1", "tcp://10.0.0.1:2375"),
            ("tcp://host.example:1/", "tcp://host.example:1"),
            ("host:2375", "tcp://host:2375"),
            ("http://host:99", "tcp://host:99"),
            ("https://host", "https://host:2376"),
            ("HTTPS://host:443", "https://host:443"),
            ("tcp://[::1]:2375", "tcp://[::1]:2375"),
            ("[fe80::1]", "tcp://[fe80::1]:2375"),
        ])
    func parse(text: String, expected: String) throws {
        #expect(try EngineEndpoint.parse(text, tls: nil).description == expected)
    }

    @Test("with certificates are TLS", arguments: ["tcp://host", "host", "https://host", "host:2376"])
    func parseTLS(text: String) throws {
        #expect(try EngineEndpoint.parse(text, tls: EngineTLS()).description == "https://host:2376")
    }

    @Test(
        "that cannot be used are refused with a reason",
        arguments: [
            ("", "is not a host name"), ("tcp://", "is not a host name"), ("tcp://host:0", "'0' is not a port"),
            ("tcp://host:65536", "is not a port"), ("tcp://host:x", "'x' is not a port"), ("host:+5", "is not a port"),
            ("::1", "in brackets"), ("tcp://[::1", "without ']'"), ("tcp://[::1]2375", "expected ':'"),
            ("tcp://ho st", "is not a host name"), ("tcp://a/b", "is not a host name"),
            ("tcp://user@host", "is not a host name"), ("unix://run/docker.sock", "absolute path"),
            ("unix:///a\u{1}", "control characters"), ("ssh://root@host", "'ssh://' is not supported"),
            ("npipe:////./pipe/docker", "not supported"),
            ("unix:///" + String(repeating: "a", count: 107), "longer than 107 bytes"),
        ])
    func refuse(text: String, reason: String) {
        let error = #expect(throws: EngineError.self) { try EngineEndpoint.parse(text, tls: nil) }
        #expect(error?.kind == .invalidInput)
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.message.contains("'\(text)'") == true)
    }

    @Test("over plain HTTP take no certificates") func plainWithTLS() {
        #expect(throws: EngineError.self) { try EngineEndpoint.parse("http://host", tls: EngineTLS()) }
    }
}
