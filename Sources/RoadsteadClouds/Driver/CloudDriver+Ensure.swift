import RoadsteadBasics

extension CloudDriver {
    /// Sees to it that there is exactly one thing with this tag's token, and returns it when it is ready.
    ///
    /// `make` looks by tag first, so that a thing whose id was never received is found and not made again, and finishes
    /// what a crash left half made. Surplus ones are removed, and the cloud is asked again, within `patience`, whenever the
    /// failure may pass. A machine that is stopped is started; one that the cloud gave up is removed and made again.
    /// `capacityMissing` and `quotaExceeded` are thrown at once: another zone or account is the caller's decision.
    ///
    /// Killed at any moment, the same call goes on where it was. At the limit it throws what went wrong last; what it made
    /// stays, to be found by tag.
    public func ensure(
        _ request: CloudRequest, tag: CloudTag, patience: CloudPatience = CloudPatience()
    ) async throws(CloudError) -> CloudResource {
        var attempts = CloudAttempts(patience)
        var known: CloudReference?
        while true {
            do {
                if let ready = try await advance(request, tag, &known) { return ready }
            } catch {
                guard error.code != .capacityMissing else { throw error }
                try await attempts.failed(error)
                continue
            }
            try await attempts.wait(for: "\(request.kind.rawValue) '\(tag.name)'")
        }
    }

    /// One round: looks, makes, removes surplus. nil while it is not ready.
    private func advance(
        _ request: CloudRequest, _ tag: CloudTag, _ known: inout CloudReference?
    ) async throws(CloudError) -> CloudResource? {
        // The cheap question while it boots: hundreds of machines that all ask for the whole list cost n².
        if let known, try await resource(known)?.state == .pending { return nil }
        if known == nil { _ = try await make(request, tag: tag) }
        // The answer tells of one; a retry on the way may have made two.
        let found = try await resources(request.kind, of: tag.cluster).having(tag)
        for surplus in found.dropFirst() { try await remove(surplus.reference) }
        known = found.first?.reference
        guard let first = found.first else { return nil }
        switch first.state {
        case .ready: return first
        case .failed(let words):
            known = nil
            try await remove(first.reference)
            throw CloudError(.unavailable, "\(request.kind.rawValue) '\(tag.name)' did not come up: \(words)")
        case .stopped:
            try await start(first.reference, tag)
            return nil
        case .pending, .removing: return nil
        }
    }

    /// What is stopped comes up by no waiting.
    private func start(_ machine: CloudReference, _ tag: CloudTag) async throws(CloudError) {
        guard features.contains(.power) else {
            throw CloudError(
                .unsupported,
                "machine '\(tag.name)' (\(machine.id)) is stopped, and the driver \(name) cannot start it; start it "
                    + "at the provider")
        }
        try await power(.start, machine: machine)
    }
}

extension [CloudResource] {
    /// Those that have the cluster and token and are not on their way out: the one to keep first, the same one every time.
    func having(_ tag: CloudTag) -> [CloudResource] {
        filter { $0.tag?.cluster == tag.cluster && $0.tag?.token == tag.token && $0.state != .removing }
            .sorted { ($0.state.rank, $0.reference.id) < ($1.state.rank, $1.reference.id) }
    }
}

extension CloudResource.State {
    /// What is further on its way is kept.
    fileprivate var rank: Int {
        switch self {
        case .ready: 0
        case .pending: 1
        case .stopped: 2
        case .failed: 3
        case .removing: 4
        }
    }
}
