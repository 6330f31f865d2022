import NIOHTTP1
import RoadsteadBasics

/// The session's cookie, as Nuvla names it; its value is an opaque token.
enum SessionCookie {
    /// Literally doubled `com.`, as every client of the dialect expects.
    static let name = "com.com.sixsq.nuvla.cookie"

    /// The token that an answer sets; nil when it sets none, or revokes it.
    static func token(in headers: HTTPHeaders) -> Redacted<String>? {
        for header in headers["set-cookie"] {
            let pair = header.prefix { $0 != ";" }
            guard let equals = pair.firstIndex(of: "="),
                pair[..<equals].trimmingPrefix(while: { $0 == " " }) == name
            else { continue }
            let value = pair[pair.index(after: equals)...]
            return value.isEmpty || value == "INVALID" ? nil : Redacted(String(value))
        }
        return nil
    }
}
