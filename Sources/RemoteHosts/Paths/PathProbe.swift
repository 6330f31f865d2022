/// A look at which packets of a Swarm get from each of some hosts to each other, and how large they may be.
///
/// All hosts do it at the same time, each sending to all others and telling what it has heard of them.
public struct PathProbe: Sendable {
    /// What a node of a Swarm must be reached at.
    public enum Port: String, Sendable, Hashable, CaseIterable {
        /// Where managers are joined and talked to.
        case management = "tcp/2377"
        case gossip = "tcp/7946"
        case gossipPackets = "udp/7946"
        /// VXLAN, which carries the traffic of overlay networks.
        case overlay = "udp/4789"
    }

    public struct Peer: Sendable, Hashable {
        public var number: Int
        /// IPv4 or IPv6, as the others are to reach it.
        public var address: String
        public var isManager: Bool

        public init(number: Int, address: String, isManager: Bool) {
            (self.number, self.address, self.isManager) = (number, address, isManager)
        }
    }

    /// The same at all hosts of one look, and another one at each: what comes late from an earlier look counts for nothing.
    public var token: String
    public var rounds: Int

    /// - Parameter rounds: how often it is sent, 0.4 s apart; a host that has heard everything ends earlier.
    public init(token: String, rounds: Int = 15) {
        (self.token, self.rounds) = (token, rounds)
    }

    func arguments(for number: Int, among peers: [Peer]) -> [String] {
        [token, String(number), String(rounds)]
            + peers.map { "\($0.number)=\($0.address)=\($0.isManager ? "manager" : "worker")" }
    }
}

/// What one host has heard of others, by their numbers.
public struct PathFindings: Sendable, Hashable {
    /// From whom something came in at these ports.
    public var heard: [Int: Set<PathProbe.Port>] = [:]
    /// At whom these ports took a connection from here.
    public var opened: [Int: Set<PathProbe.Port>] = [:]
    /// The largest IP packet in bytes that came from there in one piece.
    public var mtu: [Int: Int] = [:]

    public init() {}

    /// Reads what the script printed; nil when it did not come to its end.
    init?(parsing text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        guard lines.last == ["end"] else { return nil }
        for words in lines where words.count == 3 {
            guard let number = Int(words[1]) else { continue }
            let port = PathProbe.Port(rawValue: words[2])
            switch words[0] {
            case "heard": if let port { heard[number, default: []].insert(port) }
            case "open": if let port { opened[number, default: []].insert(port) }
            case "mtu": mtu[number] = Int(words[2])
            default: break
            }
        }
    }
}

extension RemoteHost {
    /// Takes part in a look as `number`, which is one of `peers`. Throws `commandFailed` where there is no perl, or where
    /// root may not open raw sockets.
    public func probe(
        _ probe: PathProbe, as number: Int, among peers: [PathProbe.Peer]
    ) async throws(RemoteHostError) -> PathFindings {
        let result = try await succeed(
            RemoteCommand(
                "exec perl - " + ShellWord.line(probe.arguments(for: number, among: peers)),
                input: Array(PathProbe.script.utf8), asRoot: true, timeLimit: .seconds(60 + probe.rounds)))
        guard let findings = PathFindings(parsing: result.outputText) else { throw failure(of: result) }
        return findings
    }
}
