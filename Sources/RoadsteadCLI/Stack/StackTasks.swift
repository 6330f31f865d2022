import ArgumentParser
import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

/// `roadstead stack ps STACK`
struct StackTasks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "List the tasks of a stack, with their whole errors.")

    @Argument(help: "The stack's name; that of this folder's Compose file when absent.")
    var stack: String?

    @OptionGroup var engine: EngineOptionGroup
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let stack = try await FolderStack.name(self.stack)
        try await engine.withEngine { client, _ in
            let label = ["label": ["\(DesiredStack.namespaceLabel)=\(stack)"]]
            async let nodes = client.nodes()
            async let services = client.services(label)
            let tasks = try await client.tasks(label)
            guard !tasks.isEmpty else { throw RoadsteadError(.notFound, "there is no stack '\(stack)' on this Swarm") }
            let nodeNames = Dictionary(
                try await nodes.map { ($0.id, $0.description?.hostname ?? $0.id) }, uniquingKeysWith: { $1 })
            let serviceNames = Dictionary(
                try await services.map { ($0.id, $0.spec.name ?? $0.id) }, uniquingKeysWith: { $1 })
            Console.standard.write(
                try Self.listing(tasks, services: serviceNames, nodes: nodeNames).lines(output))
        }
    }

    static func listing(_ tasks: [SwarmTask], services: [String: String], nodes: [String: String]) -> Listing {
        let documents = tasks.map { document($0, services, nodes) }
        return Listing(
            documents: documents.sorted {
                ($0.text("name"), $1.text("created")) < ($1.text("name"), $0.text("created"))
            },
            columns: [
                .init("NAME", key: "name"), .init("NODE", key: "node"), .init("DESIRED", key: "desired-state"),
                .init("STATE", key: "state"), .init("IMAGE", key: "image"), .init("ERROR", key: "error"),
            ])
    }

    private static func document(
        _ task: SwarmTask, _ services: [String: String], _ nodes: [String: String]
    ) -> JSONObject {
        let service = task.serviceID.flatMap { services[$0] } ?? task.serviceID ?? ""
        // A task of a global service has no slot and is told by its node, as docker does.
        let place = task.slot.flatMap { $0 > 0 ? String($0) : nil } ?? task.nodeID ?? ""
        let image = task.spec?.containerSpec?.image ?? ""
        var object: JSONObject = [
            "id": .string(task.id), "name": .string("\(service).\(place)"),
            "node": .string(task.nodeID.flatMap { nodes[$0] } ?? ""), "state": .string(task.status.state.name),
            "image": .string(String(image.prefix { $0 != "@" })), "error": .string(task.status.error ?? ""),
            "created": .string(task.createdAt?.description ?? ""),
        ]
        object["desired-state"] = task.desiredState.map { .string($0.name) }
        return object
    }
}
