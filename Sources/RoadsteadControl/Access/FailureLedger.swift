import RoadsteadBasics

/// Who failed to log in how often, and until when nobody may try again. A pure value: time comes in with every call.
///
/// | failures of | free | then closed for | at most |
/// |---|---|---|---|
/// | a name from one network | 4 | 1, 2, 4, 8, 16 s | 5 min from the 10th on |
/// | a network | 29 | 1, 2, 4, … s | 5 min |
/// | a name from networks that never logged in by it | 99 | 1, 2, 4, … s | 1 min |
///
/// The first line stops one guesser, the second one who tries many names, the third a botnet on one name; from where
/// the name has logged in before, the third does not count, so that an attacker elsewhere cannot lock its owner out. All
/// is forgotten after 15 quiet minutes, and the first line by a success.
struct FailureLedger: Sendable {
    private enum Subject: Hashable, Sendable {
        case pair(name: String, network: String)
        case network(String)
        case name(String)

        var allowance: Int {
            switch self {
            case .pair: 5
            case .network: 30
            case .name: 100
            }
        }

        /// For how long nobody may try after so many failures.
        func closing(after failures: Int) -> Duration {
            guard failures >= allowance else { return .zero }
            let exponential = Duration.seconds(1 << min(failures - allowance, 20))
            switch self {
            case .pair: return failures >= allowance * 2 ? .seconds(300) : exponential
            case .network: return min(exponential, .seconds(300))
            case .name: return min(exponential, .seconds(60))
            }
        }
    }

    private struct Record: Sendable {
        var failures = 0
        var last: Instant
        var reopening: Instant
    }

    private struct Known: Hashable, Sendable {
        let name: String
        let network: String
    }

    private static let memory = Duration.seconds(15 * 60)
    private static let knownMemory = Duration.seconds(30 * 86_400)

    private let capacity: Int
    private var records: [Subject: Record] = [:]
    private var known: [Known: Instant] = [:]

    init(capacity: Int) { self.capacity = capacity }

    /// How many subjects are remembered, for the bound's test.
    var count: Int { records.count + known.count }

    /// nil when the try may go on, which then counts as failed; else the moment from which on it may.
    mutating func admit(_ name: String, from network: String, at now: Instant) -> Instant? {
        let subjects = subjects(name, network, at: now)
        let reopening = subjects.compactMap { record(of: $0, at: now)?.reopening }.max()
        if let reopening, reopening > now { return reopening }
        for subject in subjects { fail(subject, at: now) }
        if records.count > capacity { shrink(at: now) }
        return nil
    }

    mutating func succeeded(_ name: String, from network: String, at now: Instant) {
        withdrawn(name, from: network, at: now)
        records[.pair(name: name, network: network)] = nil
        known[Known(name: name, network: network)] = now
        guard known.count > capacity else { return }
        let oldest = known.sorted { $0.value < $1.value }.prefix(known.count - capacity * 3 / 4)
        for (key, _) in oldest { known[key] = nil }
    }

    /// Takes one failure back, and what was closed because of it.
    mutating func withdrawn(_ name: String, from network: String, at now: Instant) {
        for subject in subjects(name, network, at: now) {
            guard var record = records[subject] else { continue }
            record.failures -= 1
            record.reopening = record.last + subject.closing(after: record.failures)
            records[subject] = record.failures > 0 ? record : nil
        }
    }

    private func subjects(_ name: String, _ network: String, at now: Instant) -> [Subject] {
        let since = known[Known(name: name, network: network)].map { now - $0 }
        let isKnown = since.map { $0 < Self.knownMemory } ?? false
        return [.pair(name: name, network: network), .network(network)] + (isKnown ? [] : [.name(name)])
    }

    private func record(of subject: Subject, at now: Instant) -> Record? {
        records[subject].flatMap { now - $0.last > Self.memory ? nil : $0 }
    }

    private mutating func fail(_ subject: Subject, at now: Instant) {
        var record = record(of: subject, at: now) ?? Record(last: now, reopening: now)
        record.failures += 1
        record.last = now
        record.reopening = now + subject.closing(after: record.failures)
        records[subject] = record
    }

    /// Forgets what is old, then those with the fewest failures: a flood of new names must not wash a guesser out.
    private mutating func shrink(at now: Instant) {
        records = records.filter { now - $0.value.last <= Self.memory }
        guard records.count > capacity else { return }
        let least = records.sorted { ($0.value.failures, $0.value.last) < ($1.value.failures, $1.value.last) }
        for (key, _) in least.prefix(records.count - capacity * 3 / 4) { records[key] = nil }
    }
}
