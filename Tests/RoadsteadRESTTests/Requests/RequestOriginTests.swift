import HTTPTypes
import NIOCore
import RoadsteadBasics
import Testing

@testable import RoadsteadHTTP
@testable import RoadsteadREST

/// Whose word about the caller is believed.
@Suite struct RequestOriginTests {
    static let ranges: [(String, String, Bool)] = [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false), ("192.0.2.0/25", "192.0.2.127", true),
        ("192.0.2.0/25", "192.0.2.128", false),
        ("0.0.0.0/0", "203.0.113.1", true), ("0.0.0.0/0", "::1", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("::1", "::1", true), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("10.0.0.0/8", "ten", false),
    ]

    @Test("a range holds its addresses and no others", arguments: ranges)
    func range(_ range: String, _ address: String, _ isWithin: Bool) throws {
        #expect(try CIDR(range).contains(address) == isWithin)
    }

    @Test(
        "what is no range is refused with its text",
        arguments: ["", "ten", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10/8"])
    func badRange(_ text: String) {
        do {
            _ = try CIDR(text)
            Issue.record("nothing was thrown")
        } catch { #expect(error.message.contains("'\(text)' is no range")) }
    }

    private func origin(_ headers: HTTPFields, from peer: String, trusted: [String] = []) throws -> RequestOrigin {
        RequestOrigin(
            headers: headers, authority: "here:80", peer: try SocketAddress(ipAddress: peer, port: 1),
            proxies: try trusted.map { try CIDR($0) })
    }

    private func fields(_ pairs: [String: String]) throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in pairs { fields[try #require(HTTPField.Name(name))] = value }
        return fields
    }

    @Test("nobody is believed by default, a peer on this machine neither")
    func untrusted() throws {
        let claims = try fields([
            "x-real-ip": "192.0.2.9", "x-forwarded-proto": "https", "x-forwarded-host": "evil",
            "nuvla-authn-info": "group/nuvla-admin", "nuvla-ssl-server-name": "evil",
        ])
        let origin = try origin(claims, from: "127.0.0.1")
        #expect(origin.clientAddress == "127.0.0.1" && origin.authnInfo == nil && !origin.isSecure(false))
        #expect(origin.baseURI(isSecure: false) == "http://here:80/api/" && origin.serverName == "here")
        #expect(!origin.isLocal)
        #expect(try self.origin([:], from: "127.0.0.1").isLocal)
        #expect(try !self.origin([:], from: "192.0.2.1").isLocal)
    }

    @Test("a trusted proxy tells scheme, host, caller and identity")
    func trusted() throws {
        let told = try fields([
            "x-real-ip": "192.0.2.9", "x-forwarded-proto": "https", "x-forwarded-host": "api.example.org",
            "nuvla-authn-info": "user/a user/a", "nuvla-ssl-server-name": "tls.example.org",
        ])
        let origin = try origin(told, from: "10.1.1.1", trusted: ["10.0.0.0/8"])
        #expect(origin.clientAddress == "192.0.2.9" && origin.authnInfo == "user/a user/a")
        #expect(origin.baseURI(isSecure: false) == "https://api.example.org/api/" && origin.isSecure(false))
        #expect(origin.serverName == "tls.example.org" && !origin.isLocal)
    }

    @Test(
        "of the hops the last one counts that is no proxy",
        arguments: [
            ("1.1.1.1, 192.0.2.5, 10.0.0.9", "192.0.2.5"), ("192.0.2.5", "192.0.2.5"), ("10.0.0.9", "10.1.1.1"),
            ("\"><x>", "10.1.1.1"),
        ])
    func hops(_ header: String, _ address: String) throws {
        let told = try fields(["x-forwarded-for": header])
        #expect(try origin(told, from: "10.1.1.1", trusted: ["10.0.0.0/8"]).clientAddress == address)
    }
}
