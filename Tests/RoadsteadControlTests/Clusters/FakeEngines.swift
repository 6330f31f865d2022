import DockerClient
import Logging
import RoadsteadTestKit

@testable import RoadsteadControl

/// Fake engines that find each other, each in no Swarm at first, and a membership that reaches them by their addresses.
struct FakeEngines: Sendable {
    let membership: SwarmMembership
    private let members: [String: FakeMember]
    private let engines: [String: FakeEngine]

    static func run(_ addresses: String..., body: @escaping @Sendable (FakeEngines) async throws -> Void) async throws {
        let network = FakeAddresses()
        let members = Dictionary(uniqueKeysWithValues: addresses.map { ($0, FakeMember($0, among: network)) })
        try await nest(addresses, members, [:], body)
    }

    private static func nest(
        _ left: [String], _ members: [String: FakeMember], _ engines: [String: FakeEngine],
        _ body: @escaping @Sendable (FakeEngines) async throws -> Void
    ) async throws {
        guard let address = left.first, let member = members[address] else {
            return try await body(FakeEngines(members: members, engines: engines))
        }
        try await FakeEngine.with(script: member.reply) { engine in
            try await nest(Array(left.dropFirst()), members, engines.merging([address: engine]) { $1 }, body)
        }
    }

    private init(members: [String: FakeMember], engines: [String: FakeEngine]) {
        (self.members, self.engines) = (members, engines)
        // What nobody listens at is a machine that is gone.
        membership = SwarmMembership(clock: JumpingClock(), logger: Logger(label: "test")) { address in
            engines[address]?.endpoint ?? .unix("/nowhere/\(address)")
        }
    }

    func member(_ address: String) -> FakeMember {
        guard let member = members[address] else { preconditionFailure("there is no engine at \(address)") }
        return member
    }

    /// The next `count` requests to the engine for which `isMeant` holds get `reply`, the rest their usual answer.
    func answer(_ address: String, _ reply: FakeReply, times: Int, _ isMeant: @escaping @Sendable (FakeRequest) -> Bool)
    {
        let (left, member) = (Shared(times), member(address))
        engines[address]?.setScript { request in
            guard isMeant(request),
                left.change({
                    $0 -= 1; return $0 >= 0
                })
            else { return member.reply(to: request) }
            return reply
        }
    }

    func script(_ address: String, _ script: @escaping FakeEngine.Script) { engines[address]?.setScript(script) }

    func requests(_ address: String, _ path: String) -> Int {
        engines[address]?.requests.count { $0.path == path } ?? 0
    }
}
