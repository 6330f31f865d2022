extension CloudDriver {
    /// Removes everything of this cluster and returns when the cloud lists nothing of it any more: machines first, then
    /// what they stood on. Asks again, within `patience`, whenever the failure may pass.
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

    /// Removes what nothing else of what is left stands on. Tells whether anything was ordered that was not before.
    private func removeFirst(
        of left: [CloudResource], _ ordered: inout Set<CloudReference>
    ) async throws(CloudError) -> Bool {
        let order: [CloudKind] = [.machine, .placement, .firewall, .key, .network]
        let first = order.first { kind in left.contains { $0.reference.kind == kind } }
        var isNew = false
        for thing in left where thing.reference.kind == first && thing.state != .removing {
            try await remove(thing.reference)
            isNew = ordered.insert(thing.reference).inserted || isNew
        }
        return isNew
    }
}
