import RoadsteadBasics

/// A cloud in memory: for tests, for rehearsals of a cluster (`driver: simulated`) and for figures of speed. Its machines
/// take their time to boot on the clock that it is given; it keeps quotas and capacity, and goes wrong on request.
///
/// It keeps to `CloudDriverContract` as the real ones do. `SimulatedDriver` is the way to it.
public actor SimulatedCloud {
    private let settings: SimulatedSettings
    private let clock: any WallClock
    private var faults = CloudFaults()
    private var things: [CloudReference: SimulatedThing] = [:]
    private var made = 0
    /// Whether anything is on its way out; only then all are looked through.
    private var hasLeaving = false
    private var counts: [CloudFaults.Call: Int] = [:]

    public init(_ settings: SimulatedSettings = SimulatedSettings(), clock: any WallClock = SystemClock()) {
        (self.settings, self.clock) = (settings, clock)
    }

    nonisolated var features: Set<CloudFeature> { settings.features }

    public func add(_ fault: CloudFaults.Fault, to call: CloudFaults.Call, times: Int = 1) {
        faults.add(fault, to: call, times: times)
    }

    public func add(_ more: [(CloudFaults.Fault, CloudFaults.Call)]) {
        for (fault, call) in more { faults.add(fault, to: call) }
    }

    /// No more faults from now on.
    public func heal() { faults = CloudFaults() }

    /// How many calls of this kind came in, with those that went wrong.
    public func count(of call: CloudFaults.Call) -> Int { counts[call, default: 0] }

    /// What is there and would be billed, of this cluster or, with nil, of all: asked past the API and its faults.
    public func leaks(of cluster: String? = nil) -> [CloudKind: Int] {
        forgetGone()
        return things.values.filter { cluster == nil || $0.tag.cluster == cluster }
            .reduce(into: [:]) { $0[$1.request.kind, default: 0] += 1 }
    }
}

extension SimulatedCloud {
    /// The names of the machines in a placement group.
    public func machines(in placement: String) -> [String] {
        things.values.filter { $0.machine?.placement == placement }.map(\.tag.name)
    }
}

// The calls of the driver. Each takes its fault first; what is done is done before anything is awaited.
extension SimulatedCloud {
    func check(key: String) async throws(CloudError) {
        try await enter(.check, key, changes: false) { () throws(CloudError) in }
    }

    func catalog(key: String) async throws(CloudError) -> CloudCatalog {
        try await enter(.catalog, key, changes: false) { () throws(CloudError) in settings.catalog }
    }

    func resource(_ reference: CloudReference, key: String) async throws(CloudError) -> CloudResource? {
        try await enter(.resource, key, changes: false) { () throws(CloudError) in
            things[reference]?.resource(at: clock.now, features: settings.features)
        }
    }

    func resources(of cluster: String, key: String) async throws(CloudError) -> [CloudResource] {
        try await enter(.resources, key, changes: false) { () throws(CloudError) in
            let now = clock.now
            return things.values.filter { $0.tag.cluster == cluster }.sorted { $0.number < $1.number }
                .map { $0.resource(at: now, features: settings.features) }
        }
    }

    func remove(_ reference: CloudReference, key: String) async throws(CloudError) {
        try await enter(.remove, key, changes: true) { () throws(CloudError) in
            guard let thing = things[reference], thing.goneAt == nil else { return }
            if let user = things.values.first(where: { $0.uses(reference) }) {
                throw CloudError(.inUse, "\(reference.id) is in use by \(user.reference.id)")
            }
            let isSlow = thing.machine != nil
            things[reference]?.goneAt = clock.now + (isSlow ? settings.removalTime : .zero)
            hasLeaving = true
        }
    }

    func power(_ order: PowerOrder, machine: CloudReference, key: String) async throws(CloudError) {
        try await enter(.power, key, changes: true) { () throws(CloudError) in
            guard settings.features.contains(.power) else {
                throw CloudError(.unsupported, "this simulated cloud starts and stops nothing")
            }
            guard machine.kind == .machine, let thing = things[machine], thing.goneAt == nil else {
                throw CloudError(.notFound, "there is no machine \(machine.id)")
            }
            switch order {
            case .stop, .kill: things[machine]?.isStopped = true
            case .start where !thing.isStopped: break
            case .start, .restart:
                things[machine]?.isStopped = false
                things[machine]?.readyAt = clock.now + settings.bootTime
            }
        }
    }

    func setRules(_ rules: [FirewallRule], firewall: CloudReference, key: String) async throws(CloudError) {
        try await enter(.setRules, key, changes: true) { () throws(CloudError) in
            guard firewall.kind == .firewall, things[firewall] != nil else {
                throw CloudError(.notFound, "there is no firewall \(firewall.id)")
            }
            things[firewall]?.rules = rules
        }
    }

    func make(_ request: CloudRequest, tag: CloudTag, key: String) async throws(CloudError) -> CloudResource {
        try await enter(.make, key, changes: true) { (fault) throws(CloudError) in
            if let thing = find(request.kind, tag) { return thing.resource(at: clock.now, features: settings.features) }
            try request.check(against: settings) { things[$0] != nil }
            try checkRoom(for: request)
            let thing = add(request, tag, fault)
            if fault == .duplicated { _ = add(request, tag, fault) }
            return thing.resource(at: clock.now, features: settings.features)
        }
    }
}

extension SimulatedCloud {
    private func enter<Value: Sendable>(
        _ call: CloudFaults.Call, _ key: String, changes: Bool, _ body: () throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        try await enter(call, key, changes: changes) { (_: CloudFaults.Fault?) throws(CloudError) in try body() }
    }

    private func enter<Value: Sendable>(
        _ call: CloudFaults.Call, _ key: String, changes: Bool, _ body: (CloudFaults.Fault?) throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        guard !Task.isCancelled else { throw CloudError(.cancelled, "the call was cancelled") }
        counts[call, default: 0] += 1
        guard let rights = settings.keys[key] else {
            throw CloudError(.credentialRefused, "the simulated cloud does not know this key")
        }
        guard rights == .all || !changes else {
            throw CloudError(.forbidden, "this key of the simulated cloud may read and change nothing")
        }
        forgetGone()
        let fault = faults.next(of: call)
        try fault?.beforeTheDeed()
        let value = try body(fault)
        if fault == .cutAfter {
            throw CloudError(.outcomeUnknown, "the connection was cut before the cloud answered \(call.rawValue)")
        }
        if case .slow(let time) = fault { try await wait(time) }
        return value
    }

    private func wait(_ time: Duration) async throws(CloudError) {
        do { try await clock.sleep(for: time) } catch { throw CloudError(.cancelled, "the call was cancelled") }
    }

    private func forgetGone() {
        guard hasLeaving else { return }
        let now = clock.now
        things = things.filter { $0.value.goneAt.map { $0 > now } ?? true }
        hasLeaving = things.values.contains { $0.goneAt != nil }
    }

    private func find(_ kind: CloudKind, _ tag: CloudTag) -> SimulatedThing? {
        things.values.filter {
            $0.request.kind == kind && $0.tag.cluster == tag.cluster && $0.tag.token == tag.token && $0.goneAt == nil
        }.min { $0.number < $1.number }
    }

    private func add(_ request: CloudRequest, _ tag: CloudTag, _ fault: CloudFaults.Fault?) -> SimulatedThing {
        made += 1
        let isMachine = request.kind == .machine
        var thing = SimulatedThing(
            number: made, tag: tag, request: request,
            readyAt: clock.now + (isMachine ? settings.bootTime : .zero), rules: request.rules)
        if case .bootFails(let words) = fault, isMachine { thing.failure = words }
        things[thing.reference] = thing
        return thing
    }

    private func checkRoom(for request: CloudRequest) throws(CloudError) {
        let kind = request.kind
        let present = things.values.filter { $0.request.kind == kind }
        if let quota = settings.quotas[kind], present.count >= quota {
            throw CloudError(.quotaExceeded, "the account may have \(quota) of \(kind.rawValue) and has them")
        }
        guard case .machine(let machine) = request, let zone = machine.zone, let room = settings.capacity[zone],
            present.count(where: { $0.machine?.zone == zone }) >= room
        else { return }
        throw CloudError(.capacityMissing, "zone \(zone) has no room for a machine of size \(machine.size)")
    }
}

extension CloudFaults.Fault {
    fileprivate func beforeTheDeed() throws(CloudError) {
        switch self {
        case .slow, .cutAfter, .duplicated, .bootFails: break
        case .rateLimited(let time):
            throw CloudError(.rateLimited, "the cloud was asked too often", retryAfter: time)
        case .failsBefore: throw CloudError(.unavailable, "the cloud answered 500")
        case .quotaExceeded: throw CloudError(.quotaExceeded, "the account's limit is reached")
        case .capacityMissing: throw CloudError(.capacityMissing, "the zone has no room now")
        }
    }
}
