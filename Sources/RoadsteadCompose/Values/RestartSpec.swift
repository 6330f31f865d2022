/// The restart policy of single containers, as `restart` writes it: `no`, `always`, `unless-stopped`, `on-failure[:n]`.
enum RestartSpec: Hashable, Sendable {
    case never
    case always(maxAttempts: UInt64?)
    case onFailure(maxAttempts: UInt64?)

    struct Failure: Error, Hashable, Sendable {
        var message: String
    }

    /// nil for the empty text, which says nothing.
    static func parse(_ text: String) throws(Failure) -> RestartSpec? {
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var count: UInt64?
        if parts.count == 2, !parts[1].isEmpty {
            guard let number = Int(parts[1]) else {
                throw Failure(message: "invalid restart policy '\(text)': maximum retry count must be an integer")
            }
            guard number >= 0 else {
                throw Failure(message: "invalid restart policy '\(text)': maximum retry count cannot be negative")
            }
            count = number == 0 ? nil : UInt64(number)
        }
        switch parts[0] {
        case "no": return .never
        case "always", "unless-stopped": return .always(maxAttempts: count)
        case "on-failure": return .onFailure(maxAttempts: count)
        default:
            throw Failure(
                message: "invalid restart policy '\(text)': must be no, always, on-failure[:count] or unless-stopped")
        }
    }
}
