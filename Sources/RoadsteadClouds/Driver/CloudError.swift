/// Why a cloud did not do what it was asked. `message` is for people: it names the thing and what to do, and holds
/// neither keys nor signatures.
public struct CloudError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The account's key is unknown, or its secret wrong.
        case credentialRefused = "credential-refused"
        /// The key is right and may not do this.
        case forbidden
        case notFound = "not-found"
        /// The cloud does not take a value: an unknown zone, size or image among them.
        case invalidRequest = "invalid-request"
        /// The account's limit is reached.
        case quotaExceeded = "quota-exceeded"
        /// The zone has no room for a machine of this size now.
        case capacityMissing = "capacity-missing"
        /// Something else still uses what is to be removed.
        case inUse = "in-use"
        case rateLimited = "rate-limited"
        /// The cloud answers with an error of its own, or not at all; nothing was done.
        case unavailable
        /// The request left and no answer came: it may have been done. Look by tag before asking again.
        case outcomeUnknown = "outcome-unknown"
        /// This driver or cloud has no such thing.
        case unsupported
        /// The driver broke the rules of the protocol.
        case brokenDriver = "broken-driver"
        case cancelled
    }

    public let code: Code
    public let message: String
    /// How long the cloud wants to be left alone, where it says so.
    public let retryAfter: Duration?

    public init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        (self.code, self.message, self.retryAfter) = (code, message, retryAfter)
    }

    /// Whether the same call may succeed later without anybody doing anything. `inUse` is: things leave one after the other.
    public var mayPass: Bool {
        switch code {
        case .rateLimited, .unavailable, .outcomeUnknown, .inUse, .capacityMissing: true
        case .credentialRefused, .forbidden, .notFound, .invalidRequest, .quotaExceeded, .unsupported, .brokenDriver,
            .cancelled:
            false
        }
    }
}

extension CloudError: CustomStringConvertible {
    public var description: String { message }
}
