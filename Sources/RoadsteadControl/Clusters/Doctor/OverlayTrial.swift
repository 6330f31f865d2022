import RemoteHosts
import RoadsteadBasics
import RoadsteadModel

/// One try of an overlay network, from its making to its removal.
struct OverlayTrial: Sendable {
    let hosts: ClusterHosts
    let machines: [String]
    /// Where the network is made.
    let manager: String
    var ids: any IDSource = SystemIDSource()

    /// More would be as many containers, and show no more.
    static let most = 8

    func run() async throws -> DoctorOverlay {
        let probe = OverlayProbe(token: ids.makeRandomBytes(6).map { String($0, radix: 36) }.joined())
        do {
            try await hosts.host(manager).makeNetwork(probe)
            let overlay = try await carry(probe)
            await tidy(probe)
            return overlay
        } catch {
            await tidy(probe)
            throw error
        }
    }

    private var tried: [String] { Array(machines.prefix(Self.most)) }

    private func carry(_ probe: OverlayProbe) async throws -> DoctorOverlay {
        // One that does not get so far is as one without an image.
        let begun = try await all { number, host in (try? await host.begin(probe, as: number)) ?? nil }
        let members = begun.sorted { $0.key < $1.key }.compactMap { number, address in
            address.map { OverlayProbe.Member(number: number, address: $0) }
        }
        guard members.count > 1 else {
            throw RoadsteadError(
                .unsupported,
                "\(members.count) of \(tried.count) machines could start a container in an overlay network")
        }
        let numbers = Set(members.map(\.number))
        let answers = try await all { number, host in
            numbers.contains(number) ? try? await host.ask(probe, as: number, members) : nil
        }
        return DoctorOverlay(
            machines: members.map { tried[$0.number] }, faults: Self.faults(answers, members.map(\.number), tried))
    }

    /// A sentence for each way that does not carry, or does not know the other's name.
    static func faults(
        _ answers: [Int: [Int: OverlayProbe.Answer]?], _ members: [Int], _ names: [String]
    ) -> [String] {
        members.flatMap { from in
            members.filter { $0 != from }.compactMap { to -> String? in
                guard let answer = answers[from]??[to] else {
                    return "\(names[from]) did not tell whether it reaches \(names[to]) in an overlay network"
                }
                if !answer.isCarried {
                    return "packets of an overlay network from \(names[from]) do not get to \(names[to]) whole"
                }
                guard answer.isNamed != true else { return nil }
                return "in an overlay network \(names[from]) does not find \(names[to]) by name"
            }
        }
    }

    /// Beside the caller, who may be cancelled: what was made goes all the same.
    private func tidy(_ probe: OverlayProbe) async {
        await Task {
            _ = try? await all { number, host in try await host.end(probe, as: number) }
            try? await hosts.host(manager).removeNetwork(probe)
        }.value
    }

    private func all<Value: Sendable>(
        _ body: @escaping @Sendable (Int, RemoteHost) async throws -> Value
    ) async throws -> [Int: Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for (number, name) in tried.enumerated() {
                group.addTask { (number, try await body(number, try await hosts.host(name))) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
