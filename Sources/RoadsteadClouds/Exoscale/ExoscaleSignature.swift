import Crypto
import Foundation
import RoadsteadBasics

/// Exoscale's request signature, EXO2-HMAC-SHA256, with one API key. Pure.
///
/// Source: openapi-v2.exoscale.com ("Authentication"); tested against the signing code of Exoscale's Python package.
struct ExoscaleSignature: Sendable {
    let apiKey: String
    let apiSecret: Redacted<String>

    /// How long a signed request is good: clocks may differ, and a queue may stand before the API.
    static let life: Duration = .seconds(600)

    /// The value of `Authorization`. `path`: with the API's prefix, as it is sent; `query`: not encoded, each name once.
    func authorization(
        _ method: String, path: String, query: [(name: String, value: String)] = [], body: [UInt8], at moment: Instant
    ) -> String {
        let expires = String((moment + Self.life).millisecondsSinceEpoch / 1000)
        let query = query.sorted { $0.name < $1.name }
        // Method and path, body, values of the query, headers (none), expiry.
        let message =
            Array("\(method) \(path)\n".utf8) + body
            + Array("\n\(query.map(\.value).joined())\n\n\(expires)".utf8)
        let key = SymmetricKey(data: Array(apiSecret.exposed.utf8))
        let code = Data(HMAC<SHA256>.authenticationCode(for: message, using: key)).base64EncodedString()
        let names = query.isEmpty ? "" : ",signed-query-args=" + query.map(\.name).joined(separator: ";")
        return "EXO2-HMAC-SHA256 credential=\(apiKey)\(names),expires=\(expires),signature=\(code)"
    }
}
