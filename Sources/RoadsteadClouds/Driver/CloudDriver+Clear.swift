extension CloudDriver {
    /// Removes everything of this cluster and returns when the cloud lists nothing of it any more: machines first, then
    /// what they stood on; of one kind many at the same time. Asks again, within `patience`, whenever the failure may pass.
    public func clear(_ cluster: String, patience: CloudPatience = CloudPatience()) async throws(CloudError) {
        var attempts = CloudAttempts(patience)
        var ordered: Set<CloudReference> = []
        while true {
            do {
                let left = try await resources(of: cluster)
                if left.isEmpty { return }
                if try await removeFirst(of: left, &ordered) { continue }
            } catch {
                try await attempts.failed(error)
                continue
            }
            try await attempts.wait(for: "what is left of cluster \(cluster) to leave")
        }
    }

    /// Removes what nothing else of what is left stands on. Tells whether anything was ordered that was not before; throws
    /// when every removal was tried, if one failed.
    private func removeFirst(
        of left: [CloudResource], _ ordered: inout Set<CloudReference>
    ) async throws(CloudError) -> Bool {
        let order: [CloudKind] = [.machine, .placement, .firewall, .key, .network]
        let first = order.first { kind in left.contains { $0.reference.kind == kind } }
        let things = left.filter { $0.reference.kind == first && $0.state != .removing }.map(\.reference)
        let failures = await remove(things)
        if let failure = failures.first(where: { !$0.mayPass }) ?? failures.first { throw failure }
        let before = ordered.count
        ordered.formUnion(things)
        return ordered.count > before
    }

    /// Sixteen at a time: more are held back by the clouds' limits of calls.
    private func remove(_ things: [CloudReference]) async -> [CloudError] {
        await withTaskGroup(of: CloudError?.self) { group in
            var (waiting, failures) = (things[...], [CloudError]())
            func start() {
                guard let thing = waiting.popFirst() else { return }
                group.addTask { await failure(of: thing) }
            }
            for _ in 0..<16 { start() }
            for await failure in group {
                if let failure { failures.append(failure) }
                start()
            }
            return failures
        }
    }

    /// What the removal fails with.
    private func failure(of thing: CloudReference) async -> CloudError? {
        do {
            try await remove(thing)
            return nil
        } catch { return error }
    }
}
