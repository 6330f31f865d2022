import HTTPCalls
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Against a trust server that is a table.
@Suite struct ImageTrustTests {
    private let targets = "https://notary.docker.io/v2/docker.io/library/shop/_trust/tuf/targets.json"
    private let releases = "https://notary.docker.io/v2/docker.io/library/shop/_trust/tuf/targets/releases.json"

    private func asking(_ replies: [String: (Int, String)], wantsToken: Bool = false) -> ImageTrust.Ask {
        { url, headers in
            if url.hasPrefix("https://auth.example/") {
                return HTTPReply(status: 200, headers: [], body: Array(#"{"token":"t1"}"#.utf8))
            }
            if wantsToken, !headers.contains(where: { $0 == ("authorization", "Bearer t1") }) {
                let challenge = #"Bearer realm="https://auth.example/token",service="notary""#
                return HTTPReply(status: 401, headers: [("www-authenticate", challenge)], body: [])
            }
            let reply = replies[url] ?? (404, "{}")
            return HTTPReply(status: reply.0, headers: [], body: Array(reply.1.utf8))
        }
    }

    private func isSigned(_ image: String, _ ask: @escaping ImageTrust.Ask) async throws -> Bool {
        try await ImageTrust(image, ask).isSigned()
    }

    private let signed = #"{"signed":{"targets":{"1.0":{"length":3}}}}"#
    private let empty = #"{"signed":{"targets":{}}}"#

    @Test("a tag is signed where docker trust sign writes it, and where it was written before, with a token or without")
    func signed() async throws {
        for wantsToken in [false, true] {
            for replies in [[releases: (200, signed), targets: (200, empty)], [targets: (200, signed)]] {
                let ask = asking(replies, wantsToken: wantsToken)
                #expect(try await isSigned("shop:1.0", ask))
                #expect(try await !isSigned("shop:2.0", ask))
                #expect(try await !isSigned("shop@sha256:" + String(repeating: "a", count: 64), ask))
            }
        }
    }

    @Test("nothing there means not signed; any other answer means that nobody knows, with the answer's status")
    func unknown() async throws {
        #expect(try await !isSigned("shop:1.0", asking([:])))
        for status in [401, 403, 429, 500, 503] {
            do {
                _ = try await isSigned("shop:1.0", asking([releases: (status, "")]))
                Issue.record("no error for \(status)")
            } catch let error as RoadsteadError {
                #expect(error.code == .unavailable && error.message.contains("notary.docker.io answers \(status)"))
            }
        }
    }
}
