extension EngineEndpoint {
    /// The same port and the same way to prove who we are, at another host: how the nodes of a Swarm are usually set up.
    /// nil for sockets.
    public func at(host: String) -> EngineEndpoint? {
        guard case .tcp(_, let port) = address, !host.isEmpty else { return nil }
        return .tcp(host: host, port: port, tls: tls)
    }
}
