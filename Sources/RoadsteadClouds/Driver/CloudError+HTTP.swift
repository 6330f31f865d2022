import HTTPCalls

extension CloudError {
    /// No answer came to `call`, which would have changed something (`isChange`) or not.
    init(_ fault: HTTPFault, cloud: String, call: String, isChange: Bool) {
        switch fault.kind {
        case .cancelled: self.init(.cancelled, "cancelled")
        case _ where isChange && fault.mayHaveArrived:
            self.init(
                .outcomeUnknown, "\(cloud) did not answer \(call), which it may have done: \(fault.words)")
        default: self.init(.unavailable, "\(cloud) did not answer \(call): \(fault.words)")
        }
    }
}

extension HTTPReply {
    /// How long the service wants to be left alone: `Retry-After` in seconds, a day at most.
    var retryAfter: Duration? {
        header("retry-after").flatMap { Int64($0) }.map { .seconds(min(max(0, $0), 86_400)) }
    }
}

extension CloudError {
    /// The first line of what a cloud wrote, as far as people can read it.
    static func line(_ message: some StringProtocol) -> String {
        let first = message.split(whereSeparator: \.isNewline).first ?? ""
        let shown = first.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String(String.UnicodeScalarView(shown)).prefix(300))
    }
}
