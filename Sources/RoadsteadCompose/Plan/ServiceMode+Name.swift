import DockerAPI

extension Optional<ServiceMode> {
    /// As Compose files say it.
    var modeName: String {
        guard let mode = self else { return "replicated" }
        if mode.global != nil { return "global" }
        if mode.replicatedJob != nil { return "replicated-job" }
        return mode.globalJob != nil ? "global-job" : "replicated"
    }
}
