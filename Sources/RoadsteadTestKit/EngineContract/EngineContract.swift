import DockerAPI
import DockerClient
import Foundation
import NIOCore
import RoadsteadBasics

/// What any engine does, fake or real, as far as the control plane relies on it. One suite, many engines: the fake is
/// held to it in the unit tests, real engines in the lab.
///
/// A check leaves nothing behind, on success or failure, but may find what others left: names are its own.
public struct EngineContract: Sendable, CustomStringConvertible {
    /// The claim, in words.
    public let claim: String
    public let run: @Sendable (Subject) async throws -> Void

    public var description: String { claim }

    /// The engine under test: a manager of a Swarm.
    public struct Subject: Sendable {
        public let client: EngineClient
        /// An image that the engine has, with a shell, `cat` and `sleep`.
        public let image: String
        /// Begins the names of all that is made.
        public let prefix: String

        public init(
            client: EngineClient, image: String, prefix: String = "contract-" + UUID().uuidString.prefix(8).lowercased()
        ) {
            (self.client, self.image, self.prefix) = (client, image, prefix)
        }
    }

    /// The engine broke the claim.
    public struct Violation: Error, CustomStringConvertible {
        public let description: String
    }

    public static let all: [EngineContract] =
        system + services + files + networks + streams + containers

    init(_ claim: String, _ run: @escaping @Sendable (Subject) async throws -> Void) {
        (self.claim, self.run) = (claim, run)
    }
}

extension EngineContract {
    static func require(_ condition: Bool, _ what: @autoclosure () -> String, line: Int = #line) throws {
        guard condition else { throw Violation(description: "line \(line): \(what())") }
    }

    /// The `EngineError` that `body` must throw.
    static func failure(
        _ what: String, line: Int = #line, _ body: () async throws -> Void
    ) async throws -> EngineError {
        do { try await body() } catch let error as EngineError { return error }
        throw Violation(description: "line \(line): \(what) was expected to fail and did not")
    }

    /// Asks again until there is an answer; engines settle things in their own time.
    static func eventually<Value>(
        _ what: String, line: Int = #line, _ body: () async throws -> Value?
    ) async throws -> Value {
        for _ in 0..<300 {
            if let value = try await body() { return value }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Violation(description: "line \(line): \(what) did not come about within 30 s")
    }

    /// Runs `body`, and `cleanUp` whatever came of it.
    static func cleaning<Value>(
        _ cleanUp: () async throws -> Void, after body: () async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await body()
            try await cleanUp()
            return value
        } catch {
            try? await cleanUp()
            throw error
        }
    }

    /// A service of one task that runs `script` in a shell.
    static func spec(_ subject: Subject, _ name: String, script: String = "sleep 600") -> ServiceSpec {
        var container = ContainerSpec(image: subject.image)
        container.command = ["sh", "-c", script]
        container.stopGracePeriod = 0
        let name = subject.prefix + "-" + name
        return ServiceSpec(
            name: name, labels: ["contract": subject.prefix],
            taskTemplate: TaskSpec(containerSpec: container, restartPolicy: RestartPolicy(condition: "none")),
            mode: .replicated(1))
    }
}

extension EngineContract {
    static let system: [EngineContract] = [
        EngineContract("ping, version and the agreed version fit together") { subject in
            let ping = try await subject.client.ping()
            let version = try await subject.client.version()
            let agreed = try await subject.client.apiVersion()
            try require(ping.apiVersion == version.apiVersion, "\(ping) \(version)")
            try require(agreed >= .oldest && agreed <= .newest, "agreed on \(agreed)")
            try require(ping.os == "linux", "\(ping)")
        },
        EngineContract("info, nodes and swarm agree on who is who") { subject in
            let swarm = try await subject.client.info().swarm
            try require(
                swarm?.localNodeState == "active" && swarm?.controlAvailable == true, "\(String(describing: swarm))")
            let nodes = try await subject.client.nodes()
            try require(nodes.contains { $0.id == swarm?.nodeID }, "the node of info is not among the nodes")
            try require(nodes.filter { $0.managerStatus?.leader == true }.count == 1, "not one leader")
            let node = try await subject.client.node(swarm?.nodeID ?? "")
            try require(node.spec.role == "manager", "\(node)")
            let cluster = try await subject.client.swarm()
            try require(cluster.joinTokens.worker.exposed.hasPrefix("SWMTKN-"), "no join token")
            try require(!"\(cluster)".contains("SWMTKN-"), "a join token shows itself")
        },
        EngineContract("a node's labels are replaced, and an old version is refused") { subject in
            let node = try await subject.client.nodes()[0]
            var changed = node.spec
            changed.labels = (changed.labels ?? [:]).merging([subject.prefix: "yes"]) { $1 }
            try await subject.client.updateNode(node.id, version: node.version, changed)
            let now = try await subject.client.node(node.id)
            try require(now.spec.labels?[subject.prefix] == "yes", "\(now.spec)")
            let error = try await failure("the same version again") {
                try await subject.client.updateNode(node.id, version: node.version, node.spec)
            }
            try require(error.isOutOfSequence, "\(error)")
            try await subject.client.updateNode(node.id, version: now.version, node.spec)
        },
    ]
}
