/// What goes wrong at a simulated cloud: for each kind of call, the faults of the next calls in their order. A call takes
/// one fault from its row; an empty row means that all goes well.
public struct CloudFaults: Sendable, Hashable {
    public enum Call: String, Sendable, Hashable, CaseIterable {
        case check, catalog, make, resource, resources, remove, power
        case setRules = "set-rules"
    }

    public enum Fault: Sendable, Hashable {
        /// The deed is done at once and the answer comes this much later.
        case slow(Duration)
        case rateLimited(retryAfter: Duration)
        /// The cloud answers with an error of its own (500) and does nothing.
        case failsBefore
        /// The deed is done and the connection is cut before the answer.
        case cutAfter
        /// Of `make`: the cloud's own retry does the deed twice; the answer tells of one.
        case duplicated
        case quotaExceeded
        case capacityMissing
        /// Of `make`: the machine is accepted and never comes up, in the cloud's words.
        case bootFails(String)
    }

    private var rows: [Call: [Fault]] = [:]

    public init() {}

    public var isEmpty: Bool { rows.values.allSatisfy(\.isEmpty) }

    /// The next calls of this kind that are not spoken for go wrong like that.
    public mutating func add(_ fault: Fault, to call: Call, times: Int = 1) {
        rows[call, default: []] += Array(repeating: fault, count: times)
    }

    mutating func next(of call: Call) -> Fault? {
        guard let fault = rows[call]?.first else { return nil }
        rows[call]?.removeFirst()
        return fault
    }
}
