import DockerAPI

/// One task that ended otherwise than it should, and what its words mean.
struct TaskFailure: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case crash, unhealthy, imageNotFound, rejected, ended }

    var taskID: String
    var kind: Kind
    var error: String
    var exitCode: Int?
    var node: String?
    var hasContainer: Bool

    /// nil when the task did not fail; one that ended well counts as `ended` only where it should have gone on.
    init?(_ task: SwarmTask, mayEnd: Bool, nodeNames: [String: String]) {
        switch task.status.state {
        case .failed, .rejected: kind = Self.classify(task.status)
        case .complete where !mayEnd: kind = .ended
        default: return nil
        }
        let container = task.status.containerStatus
        taskID = task.id
        error = task.status.error.orNil ?? task.status.message ?? ""
        // A task that never had a container reports exit code 0 all the same.
        hasContainer = container?.containerID.orNil != nil
        exitCode = hasContainer ? container?.exitCode : nil
        node = task.nodeID.orNil.map { nodeNames[$0] ?? $0 }
    }

    /// The engine has no codes for these, only words; they are those of moby's executor and of containerd.
    private static func classify(_ status: TaskStatus) -> Kind {
        let text = (status.error ?? "").lowercased()
        let imageWords = [
            "no such image", "manifest unknown", "manifest for ", "pull access denied", "repository does not exist",
            "failed to resolve reference", "invalid reference format", "no matching manifest", "pull image failed",
        ]
        if imageWords.contains(where: text.contains) { return .imageNotFound }
        if text.contains("unhealthy container") { return .unhealthy }
        return status.state == .rejected ? .rejected : .crash
    }
}
