import RoadsteadBasics

/// The states of a job, in the dialect's words.
public enum JobState: Hashable, Sendable {
    case queued, running, success, failed, canceled
    case other(String)

    public init(_ document: JSONObject) {
        switch document["state"]?.stringValue ?? "" {
        case "QUEUED": self = .queued
        case "RUNNING": self = .running
        case "SUCCESS": self = .success
        case "FAILED": self = .failed
        case "CANCELED": self = .canceled
        case let text: self = .other(text)
        }
    }

    public var isFinal: Bool {
        switch self {
        case .success, .failed, .canceled: true
        case .queued, .running, .other: false
        }
    }
}
