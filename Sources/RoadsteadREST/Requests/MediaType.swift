import RoadsteadHTTP
import RoadsteadModel

/// What a `Content-Type` header says, as far as it makes a difference here.
enum MediaType: Hashable {
    /// No header, or an empty one: taken for JSON.
    case none
    case json
    case form
    case patch
    case other(String)

    /// nil when the header names a charset that JSON and forms do not have.
    init?(_ header: String?) {
        let parts = (header ?? "").lowercased().split(separator: ";").map { $0.trimmingBlanks() }
        for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
            let charset = parameter.dropFirst("charset=".count).trimmingBlanks()
            guard ["utf-8", "utf8", "us-ascii"].contains(charset) else { return nil }
        }
        switch parts.first ?? "" {
        case "": self = .none
        case "application/json": self = .json
        case "application/x-www-form-urlencoded": self = .form
        case JSONPatch.mediaType: self = .patch
        case let type where type.hasPrefix("application/") && type.hasSuffix("+json"): self = .json
        case let type: self = .other(type)
        }
    }
}
