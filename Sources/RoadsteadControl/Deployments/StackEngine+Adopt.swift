import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose

/// A stack of the Swarm as a Compose file, and the plan that deploying this file would be.
public struct AdoptedStack: Sendable {
    public var adoption: StackAdoption
    /// Without a change when the file says all that is on the Swarm; see also `changesNotesOnly`.
    public var plan: StackPlan
}

extension StackEngine {
    /// Rebuilds the Compose text of a stack, and plans it against what is there. Changes nothing.
    ///
    /// Throws `notFound` when there is no such stack.
    public func adopt(stack: String) async throws -> AdoptedStack {
        do {
            let label = Self.label(stack)
            async let services = client.services(label)
            async let networks = client.networks()
            async let configs = client.configs()
            async let secrets = client.secrets()
            let adoption = try StackAdoption(
                stack: stack,
                live: LiveStack(
                    services: try await services, networks: try await networks, configs: try await configs,
                    secrets: try await secrets))
            let prepared = try await plan(
                try adoption.desired(), options: StackOptions(prune: .everything, resolveImage: .never))
            return AdoptedStack(adoption: adoption, plan: prepared.plan)
        } catch { throw RoadsteadError.translating(error, doing: "adopt stack \(stack)") }
    }
}

extension StackAdoption {
    /// What its file means.
    public func desired() throws(RoadsteadError) -> DesiredStack {
        let input = ComposeInput(
            sources: [ComposeSource(path: "/compose.yaml", text: text)], environment: [:],
            reader: MemoryFileReader(
                files: Dictionary(files.map { ("/" + $0.key, [UInt8]($0.value)) }, uniquingKeysWith: { $1 })),
            workingDirectory: "/")
        do { return try ComposeReader.desiredStack(input, stackName: stack) } catch {
            throw RoadsteadError(
                .internal, "the Compose text of stack \(stack) cannot be read back: \(error.description)")
        }
    }
}
