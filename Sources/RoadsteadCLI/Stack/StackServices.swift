import ArgumentParser
import RoadsteadBasics
import RoadsteadControl

/// `roadstead stack services STACK`
struct StackServices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "services", abstract: "List the services of a stack.")

    @Argument(help: "The stack's name; that of this folder's Compose file when absent.")
    var stack: String?

    @OptionGroup var engine: EngineOptionGroup
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let stack = try await FolderStack.name(self.stack)
        try await engine.withEngine { _, engine in
            let services = try await engine.services(stack: stack)
            guard !services.isEmpty else {
                throw RoadsteadError(.notFound, "there is no stack '\(stack)' on this Swarm")
            }
            Console.standard.write(try Self.listing(services).lines(output))
        }
    }

    static func listing(_ services: [StackServiceState]) -> Listing {
        Listing(
            documents: services.map(document),
            columns: [
                .init("NAME", key: "name"), .init("MODE", key: "mode"),
                .init("REPLICAS") { "\($0.text("running"))/\($0.text("desired"))" }, .init("IMAGE", key: "image"),
                .init("PORTS", key: "ports"),
            ])
    }

    private static func document(_ service: StackServiceState) -> JSONObject {
        let ports = service.ports.map { "*:\($0.published)->\($0.target)/\($0.protocol)" }
        let hostPorts = service.hostPorts.map { "\($0.address)->\($0.target)/\($0.protocol)" }
        return [
            "id": .string(service.id), "name": .string(service.name), "mode": .string(service.mode),
            "running": JSONValue(service.running), "desired": JSONValue(service.desired),
            "image": .string(service.image), "ports": JSONValue(ports + hostPorts),
        ]
    }
}
