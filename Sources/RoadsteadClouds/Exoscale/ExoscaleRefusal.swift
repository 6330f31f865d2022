import HTTPCalls
import RoadsteadBasics

/// What Exoscale answered instead of doing it: at once by an HTTP status, or later by an operation that failed.
///
/// The statuses and an operation's reasons are documented; what stands in messages is not, and is only used where nothing
/// else tells two causes apart.
struct ExoscaleRefusal: Sendable, Hashable {
    enum Cause: Sendable, Hashable {
        case status(Int)
        /// An operation's reason; `timeout` where it took Exoscale too long.
        case reason(String)
    }

    let cause: Cause
    let message: String
    let retryAfter: Duration?
    /// Whether the API itself answered, not something before it.
    let isSpoken: Bool
    let intent: ExoscaleCall.Intent
    private let operation: String
    private let words: String

    init(_ reply: HTTPReply, to call: ExoscaleCall) {
        let message = (try? JSONValue.parse(reply.body))?["message"]?.stringValue
        cause = .status(reply.status)
        isSpoken = message != nil
        self.message = CloudError.line(message ?? "")
        retryAfter = reply.retryAfter
        (intent, operation, words) = (call.intent, call.operation, call.words)
    }

    init(_ failed: ExoscaleOperation, of call: ExoscaleCall) {
        cause = .reason(failed.state == .timeout ? "timeout" : failed.reason)
        isSpoken = true
        message = CloudError.line(failed.message)
        retryAfter = nil
        (intent, operation, words) = (call.intent, call.operation, call.words)
    }

    var error: CloudError { CloudError(code, text, retryAfter: retryAfter) }

    private var code: CloudError.Code {
        switch cause {
        case .status(let status): code(of: status)
        case .reason(let reason): told ?? code(of: reason)
        }
    }

    private func code(of status: Int) -> CloudError.Code {
        switch status {
        case 401: .credentialRefused
        case 403: told ?? (message.lowercased().contains("policy") ? .forbidden : .credentialRefused)
        case 402: .forbidden
        case 404: missing
        case 409, 412, 423: told ?? clash
        case 429: .rateLimited
        case 500...: told ?? (isSpoken || status == 503 || intent == .reading ? .unavailable : .outcomeUnknown)
        case 400...: told ?? (intent == .removing && message.lowercased().contains("in use") ? .inUse : .invalidRequest)
        default: .unavailable
        }
    }

    private func code(of reason: String) -> CloudError.Code {
        switch reason {
        case "busy", "conflict": clash
        case "forbidden": .forbidden
        case "incorrect": .invalidRequest
        case "not-found": missing
        case "unsupported": .unsupported
        case "partial", "interrupted", "timeout": .outcomeUnknown
        default: .unavailable
        }
    }

    /// What is not there is a value that is not taken, where something is to be made with it.
    private var missing: CloudError.Code { intent == .making ? .invalidRequest : .notFound }

    /// Something else is going on with it, or still stands on it.
    private var clash: CloudError.Code { intent == .removing ? .inUse : .unavailable }

    /// What the message tells, where a thing was to be made.
    private var told: CloudError.Code? {
        guard intent == .making else { return nil }
        let text = message.lowercased()
        if Self.quotaWords.contains(where: text.contains) { return .quotaExceeded }
        return Self.capacityWords.contains(where: text.contains) ? .capacityMissing : nil
    }

    private static let quotaWords = ["quota", "limit reached", "limit exceeded", "maximum number of resources"]
    private static let capacityWords = ["capacity", "no suitable host", "not enough resources", "out of resources"]

    private var text: String {
        switch code {
        case .credentialRefused:
            "Exoscale refused the API key or its secret; check both, that the key still exists and its role may call "
                + "\(operation), and that the clock of this server is right"
        case .forbidden:
            "the role of the API key may not call \(words)\(quoted); give it the operations listed in "
                + "Documentation/exoscale.md"
        case .rateLimited: "Exoscale is asked too often (\(words)); it is asked again later"
        case .quotaExceeded:
            "the limit of the Exoscale organization is reached: \(words)\(quoted); remove what is not needed or ask "
                + "Exoscale for more"
        case .capacityMissing:
            "the zone has no room now: \(words)\(quoted); take another size or zone, or try later"
        case .inUse: "something else still uses it: \(words)\(quoted)"
        case .outcomeUnknown: "it is not known whether Exoscale did \(words)\(reason)"
        case .unavailable: "Exoscale could not do \(words)\(reason)"
        default: "Exoscale refused \(words)\(reason)"
        }
    }

    private var quoted: String { message.isEmpty ? "" : ": \(message)" }

    private var reason: String { message.isEmpty ? " (\(short))" : quoted }

    private var short: String {
        switch cause {
        case .status(let status): "status \(status)"
        case .reason(let reason): reason.isEmpty ? "no reason told" : reason
        }
    }
}
