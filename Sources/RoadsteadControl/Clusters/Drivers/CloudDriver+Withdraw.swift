import RoadsteadBasics
import RoadsteadClouds

extension CloudDriver {
    /// Removes all of a kind that carries the token and returns when the cloud knows nothing of it any more, whether its id was
    /// ever received or not. Asks again, within `patience`, whenever the failure may pass.
    func withdraw(
        _ kind: CloudKind, _ token: String, of cluster: String, patience: CloudPatience
    ) async throws {
        let end = patience.clock.now + patience.limit
        var failures = 0
        while true {
            var pause = patience.poll
            do {
                if try await order(kind, token, cluster) { return }
                failures = 0
            } catch {
                guard error.mayPass else { throw RoadsteadError(error) }
                failures += 1
                let delay = patience.backoff.delay(failures: failures, random: patience.ids.makeUnitRandom())
                pause = max(delay, error.retryAfter ?? .zero)
                guard patience.clock.now + pause < end else { throw RoadsteadError(error) }
            }
            guard patience.clock.now + pause < end else {
                throw RoadsteadError(
                    .timeout, "'\(token)' is still at \(name), \(patience.limit.components.seconds) s after its removal"
                )
            }
            try await patience.clock.sleep(for: pause)
        }
    }

    /// Orders the removal of what is there. True when nothing is.
    private func order(_ kind: CloudKind, _ token: String, _ cluster: String) async throws(CloudError) -> Bool {
        let left = try await resources(kind, of: cluster).filter { $0.tag?.token == token }
        for thing in left where thing.state != .removing { try await remove(thing.reference) }
        return left.isEmpty
    }
}
