import RoadsteadBasics

/// Ids of what was made a moment ago, while the cloud may not know them everywhere yet.
struct RecentIDs: Sendable {
    private var moments: [String: Instant] = [:]

    /// After this long EC2 knows a thing, or never will.
    static let life: Duration = .seconds(600)

    var count: Int { moments.count }

    mutating func add(_ id: String, at now: Instant) {
        moments = moments.filter { $0.value + Self.life > now }
        moments[id] = now
    }

    /// Whether the text names one of them.
    func isNamed(in text: String, at now: Instant) -> Bool {
        moments.contains { $0.value + Self.life > now && text.contains($0.key) }
    }
}
