import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose

/// Deploys stacks to one Swarm, watches them and removes them.
///
/// A deployment is `plan`, `apply`, `watch`, `prune`; each may be repeated: planning again after a crash finds what is
/// done already. Throws `RoadsteadError`. The client belongs to the caller, who shuts it down.
public struct StackEngine: Sendable {
    let client: EngineClient
    let clock: any WallClock
    let logger: Logger
    /// How often the engine is asked while something is waited for, at first and later.
    let pace: Pace

    public struct Pace: Sendable {
        public var first: Duration
        public var later: Duration
        /// How long an engine that does not answer is borne while it is watched: a new leader is elected in seconds.
        public var outage: Duration

        public init(
            first: Duration = .milliseconds(250), later: Duration = .milliseconds(500), outage: Duration = .seconds(90)
        ) {
            self.first = first
            self.later = later
            self.outage = outage
        }
    }

    public init(
        engine: EngineClient, clock: any WallClock = SystemClock(), logger: Logger, pace: Pace = Pace()
    ) {
        client = engine
        self.clock = clock
        self.logger = logger
        self.pace = pace
    }

    /// Compares the desired stack with the Swarm, and asks registries for digests as the options say.
    ///
    /// Changes nothing. Throws what `StackPlan.make` throws (images that no node could pull are among it), `forbidden`
    /// when a registry refuses the credential that it was given, and what the engine's own errors become.
    public func plan(
        _ desired: DesiredStack, options: StackOptions = StackOptions()
    ) async throws -> PreparedStack {
        do {
            let fitted = try await fitted(desired)
            async let early = options.resolveImage == .always ? resolve(fitted, live: nil, options) : nil
            var live = try await live(fitted, options)
            live.secretContents = try await secretContents(fitted, live)
            live.survey = try await survey(fitted, options)
            let images: ImageAnswers
            if let resolved = try await early {
                images = resolved
            } else {
                images = try await resolve(fitted, live: live, options)
            }
            var (desired, options) = (fitted, options)
            images.note(in: &options, &desired)
            let plan = try StackPlan.make(
                desired: desired, live: live, prune: options.prune, images: images.resolutions,
                recreate: options.recreate, last: options.last)
            return PreparedStack(desired: plan.outcome.exposed, plan: plan, options: options)
        } catch { throw RoadsteadError.translating(error, doing: "plan stack \(desired.name)") }
    }

    /// What this engine's API version cannot express is left out with a warning or refused, before it is compared.
    private func fitted(_ desired: DesiredStack) async throws -> DesiredStack {
        let version = try await client.apiVersion()
        var (desired, refusals) = (desired, [String]())
        for index in desired.services.indices {
            let adapted = desired.services[index].spec.adapted(to: version)
            desired.services[index].spec = adapted.spec
            desired.warnings += adapted.warnings
            refusals += adapted.refusals
        }
        guard refusals.isEmpty else { throw RoadsteadError(.unsupported, refusals.joined(separator: "\n")) }
        return desired
    }
}
