import DockerAPI
import DockerClient
import RoadsteadCompose
import RoadsteadControl

/// `--build`: images are made and pushed once a plan found nothing to refuse, and their output is shown.
struct StackBuild: Sendable {
    let console: Console
    let isQuiet: Bool

    /// What would be built, for a plan.
    static func lines(_ stack: DesiredStack) -> [String] {
        stack.services.filter { $0.build != nil }.map { service in
            let image = service.spec.taskTemplate.containerSpec?.image ?? ""
            return TerminalText.safe(
                "* image \(image) is built for service \(service.key), and pushed", keepingLines: false)
        }
    }

    /// A failure ends the command with the status of what was refused before anything was touched, below the last lines
    /// of the build.
    func run(_ stack: DesiredStack, _ client: EngineClient, logins: [String: RegistryAuth]) async throws {
        let output = BuildOutput(console: console, isQuiet: isQuiet)
        try await StackRefusal.run {
            do { try await ImageBuilder(engine: client, logins: logins).build(stack) { await output.show($0) } } catch {
                await output.showLast()
                throw error
            }
        }
    }
}

/// What a build says: line by line, or only its last lines when it has failed.
private actor BuildOutput {
    private static let limit = 20

    private let console: Console
    private let isQuiet: Bool
    private var last: [String] = []

    init(console: Console, isQuiet: Bool) { (self.console, self.isQuiet) = (console, isQuiet) }

    func show(_ line: String) {
        let line = TerminalText.safe(line, keepingLines: false)
        guard isQuiet else { return console.write(line) }
        last = last.suffix(Self.limit - 1) + [line]
    }

    func showLast() { if !last.isEmpty { console.error(last) } }
}
