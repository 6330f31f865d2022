import RemoteHosts

/// What a server that was killed has left of its connections to hosts.
public enum HostLeftovers {
    /// Removes it, when a server starts: private keys are among it, and its first connection may be long in coming.
    public static func sweep() { ConnectionLeftovers.sweep() }
}
