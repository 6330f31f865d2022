import HTTPCalls

/// What EC2 answered instead of doing it.
///
/// Source of the codes: Amazon EC2 API Reference, "Error codes for the Amazon EC2 API".
struct EC2Refusal: Sendable, Hashable {
    let action: String
    let status: Int
    /// EC2's word for it; empty when the answer is none of EC2's.
    let code: String
    let message: String
    let retryAfter: Duration?
    let isChange: Bool
    let isMaking: Bool

    init(_ reply: HTTPReply, to query: EC2Query) {
        let root = XMLElement(reply.body)
        let error = root?["Errors"]?["Error"] ?? root?["Error"]
        (action, isChange, isMaking) = (query.action, query.isChange, query.isMaking)
        status = reply.status
        code = Self.word(error?.text("Code") ?? "")
        message = Self.line(error?.text("Message") ?? "")
        retryAfter = reply.retryAfter
    }

    var error: CloudError { CloudError(kind, words, retryAfter: retryAfter) }

    private var kind: CloudError.Code {
        if code.isEmpty { return kindWithoutCode }
        if code == "AuthFailure", message.hasPrefix("Not authorized for") { return .forbidden }
        // A type that not every zone has: to the caller the same as no room for it there.
        if code == "Unsupported", message.contains("Availability Zone") { return .capacityMissing }
        if let kind = Self.known[code] { return kind }
        // What is not there is a value that is not taken, where something is to be made with it.
        if code.hasSuffix(".NotFound") || code.hasSuffix(".Unknown") { return isMaking ? .invalidRequest : .notFound }
        if code.hasSuffix(".InUse") || code.hasSuffix("InUse") { return .inUse }
        if code.hasSuffix("LimitExceeded") || code.hasSuffix("QuotaExceeded") { return .quotaExceeded }
        if code.hasPrefix("Insufficient") { return .capacityMissing }
        if code.contains("Throttl") { return .rateLimited }
        return status >= 500 ? .unavailable : .invalidRequest
    }

    /// Of what stands before EC2: a gateway that gives up has perhaps passed the request on.
    private var kindWithoutCode: CloudError.Code {
        switch status {
        case 401: .credentialRefused
        case 403: .forbidden
        case 429: .rateLimited
        case 503: .unavailable
        case 500...: isChange ? .outcomeUnknown : .unavailable
        default: .unavailable
        }
    }

    private static let known: [String: CloudError.Code] = [
        "AuthFailure": .credentialRefused, "AuthMissingFailure": .credentialRefused,
        "InvalidClientTokenId": .credentialRefused, "InvalidAccessKeyId": .credentialRefused,
        "UnrecognizedClientException": .credentialRefused, "SignatureDoesNotMatch": .credentialRefused,
        "IncompleteSignature": .credentialRefused, "MissingAuthenticationToken": .credentialRefused,
        "ExpiredToken": .credentialRefused, "ExpiredTokenException": .credentialRefused,
        "RequestExpired": .credentialRefused, "Blocked": .credentialRefused, "OptInRequired": .credentialRefused,
        "PendingVerification": .credentialRefused,
        "UnauthorizedOperation": .forbidden, "AccessDenied": .forbidden, "AccessDeniedException": .forbidden,
        "OperationNotPermitted": .forbidden,
        "DependencyViolation": .inUse,
        "RequestLimitExceeded": .rateLimited, "SlowDown": .rateLimited,
        "MaxIOPSLimitExceeded": .quotaExceeded, "AddressLimitExceeded": .quotaExceeded,
        "InternalError": .unavailable, "InternalFailure": .unavailable, "Unavailable": .unavailable,
        "ServiceUnavailable": .unavailable, "ConcurrentTagAccess": .unavailable, "RequestTimeout": .unavailable,
        "IncorrectInstanceState": .unavailable, "IncorrectState": .unavailable,
        "UnsupportedOperation": .unsupported, "InvalidAction": .unsupported, "NotImplemented": .unsupported,
    ]

    private var words: String {
        switch kind {
        case .credentialRefused where code == "RequestExpired":
            "EC2 refused the request as too old: the clocks of this server and of Amazon differ"
        case .credentialRefused where code.hasPrefix("ExpiredToken"):
            "EC2 refused the session token: it is no more valid; make a new one"
        case .credentialRefused:
            "EC2 refused the access key or its secret (\(code.isEmpty ? String(status) : code)); check both, and that "
                + "the account may use the region"
        case .forbidden:
            "the access key may not call \(action) (\(code.isEmpty ? String(status) : code)); give its user the right "
                + "ec2:\(action), and the others listed in Documentation/amazonec2.md"
        case .rateLimited: "EC2 is asked too often (\(action)); it is asked again later"
        case _ where code.isEmpty: "EC2 answered \(action) with status \(status)"
        default: "EC2 refused \(action): \(message.isEmpty ? code : "\(message) (\(code))")"
        }
    }

    /// A code is a word; what is longer or stranger is not handed on.
    private static func word(_ code: String) -> String {
        let isPlain =
            code.utf8.count <= 80
            && code.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            }
        return isPlain ? code : "unreadable"
    }

    /// One line of it, without what only Amazon can read.
    private static func line(_ message: String) -> String {
        CloudError.line(message.split(separator: "Encoded authorization failure message").first ?? "")
    }
}
