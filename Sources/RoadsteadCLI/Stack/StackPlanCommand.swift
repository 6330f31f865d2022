import ArgumentParser
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl

/// `roadstead stack plan -c FILE STACK`
struct StackPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what deploying Compose files would change; changes nothing.",
        discussion: "Registries are asked for the images: what `stack deploy` would refuse is refused.",
        aliases: ["diff"])

    @OptionGroup var files: StackFileOptions

    @Argument(help: "The stack's name; the file's `name`, or else its folder's, when absent.")
    var stack: String?

    @Option(name: [.customShort("o"), .long], help: "How to print: table, json or yaml.")
    var output = OutputFormat.table

    @OptionGroup var engine: EngineOptionGroup

    func run() async throws {
        let console = Console.standard
        let desired = try await files.desired(stack, console)
        let options = try await files.options(for: desired, timeout: .seconds(600), console)
        try await engine.withEngine { _, engine in
            let plan = try await StackRefusal.run { try await engine.plan(desired, options: options) }.plan.json()
            guard output == .table else { return console.write(try Listing.encoded(plan, output)) }
            console.write(StackBuild.lines(desired))
            console.write(PlanText.lines(plan.objectValue ?? JSONObject(), console.style))
        }
    }
}
