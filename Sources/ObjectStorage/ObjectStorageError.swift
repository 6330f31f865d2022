import HTTPCalls

/// Why a call to an S3 store failed. `message` is for people and holds neither keys nor what the store sent beyond its
/// own error code.
public struct ObjectStorageError: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The way to the store: never reached, TLS, deadline.
        case transport(HTTPFault.Kind)
        /// The store does not know the access key.
        case unknownKey
        /// The secret does not belong to the access key.
        case wrongSecret
        /// The key is right and may not do this.
        case accessDenied
        /// The clocks of the two sides differ by more than the store allows.
        case clockSkew
        case noSuchBucket
        case noSuchObject
        case bucketExists
        case bucketNotEmpty
        /// Signed for another region than the store's: which one, when it says so.
        case wrongRegion(String?)
        /// What answers is no S3 store.
        case notS3
        /// Another refusal, with its HTTP status and the store's code for it.
        case refused(status: Int, code: String)
        /// An answer or an object is larger than this client takes.
        case limitExceeded
        case invalidInput
    }

    public let kind: Kind
    public let message: String
    public let endpoint: String

    public init(_ kind: Kind, _ message: String, endpoint: String) {
        self.kind = kind
        self.message = message
        self.endpoint = endpoint
    }
}

extension ObjectStorageError: CustomStringConvertible {
    public var description: String { "\(endpoint): \(message)" }
}
