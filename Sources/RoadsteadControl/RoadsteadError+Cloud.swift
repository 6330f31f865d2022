import RoadsteadBasics
import RoadsteadClouds

// The one place where what a cloud said becomes an error of Roadstead. The messages of `CloudError` name the thing and say
// what to do already.

extension RoadsteadError {
    /// - Parameter doing: what was tried, to follow "cannot": `make machine prod-1`.
    public init(_ error: CloudError, doing: String? = nil, file: String = #fileID, line: Int = #line) {
        let message = (doing.map { "cannot \($0): " } ?? "") + error.message
        self.init(Self.code(of: error.code), message, context: ["cloud": error.code.rawValue], file: file, line: line)
        if let wait = error.retryAfter { context["retry-after"] = "\(wait.components.seconds)" }
    }

    private static func code(of code: CloudError.Code) -> Code {
        switch code {
        // `CloudError.mayPass`: steps are tried again.
        case .rateLimited, .unavailable, .outcomeUnknown, .inUse, .capacityMissing: .unavailable
        case .credentialRefused, .forbidden: .forbidden
        case .notFound: .notFound
        case .invalidRequest: .invalidInput
        case .quotaExceeded: .limitExceeded
        case .unsupported: .unsupported
        case .brokenDriver: .internal
        case .cancelled: .cancelled
        }
    }
}
