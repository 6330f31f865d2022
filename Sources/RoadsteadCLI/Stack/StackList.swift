import ArgumentParser
import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

/// `roadstead stack ls`
struct StackList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List the stacks of the Swarm.")

    @OptionGroup var engine: EngineOptionGroup
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await engine.withEngine { client, _ in
            let services = try await client.services(["label": [DesiredStack.namespaceLabel]])
            Console.standard.write(try Self.listing(services).lines(output))
        }
    }

    static func listing(_ services: [Service]) -> Listing {
        let names = services.compactMap { $0.spec.labels?[DesiredStack.namespaceLabel] }
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
        return Listing(
            documents: counts.map {
                ["id": .string($0.key), "name": .string($0.key), "services": JSONValue($0.value)]
            },
            columns: [.init("NAME", key: "name"), .init("SERVICES", key: "services")])
    }
}
