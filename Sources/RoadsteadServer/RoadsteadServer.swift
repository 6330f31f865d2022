import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import RoadsteadBasics
import RoadsteadControl
import RoadsteadJobs
import RoadsteadREST
import RoadsteadStore
import ServiceLifecycle
import UnixSignals

/// The composition root: store, use cases, job runner and HTTP server, started and stopped together.
public struct RoadsteadServer: Sendable {
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let hashing: ScryptCost
    private let clock: any WallClock

    public init(
        configuration: ServerConfiguration, hashing: ScryptCost = .standard, clock: any WallClock = SystemClock(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.hashing = hashing
        self.clock = clock
        self.logger = logger
    }

    /// What the one who starts a server is told when it listens.
    public struct Started: Sendable {
        public let host: String
        public let port: Int
        /// Of the user `admin`, at the first start without `ROADSTEAD_ADMIN_PASSWORD` only. Show it once.
        public let generatedPassword: Redacted<String>?
    }

    /// Serves until SIGTERM or SIGINT, or until its task is cancelled. Throws `RoadsteadError` when it cannot start.
    public func run(handlesSignals: Bool = true, onStart: @escaping @Sendable (Started) async -> Void) async throws {
        try DataDirectory.ensure(configuration.dataDirectory)
        HostLeftovers.sweep()
        let key = try SealingKey.obtain(environment: configuration.environment, file: configuration.keyPath)
        let store = try await DocumentStore.open(path: configuration.databasePath, key: key, logger: logger)
        let hasher = PasswordHasher(cost: hashing)
        let context = ControlContext(
            store: store, clock: clock, ids: SystemIDSource(), hasher: hasher,
            localEndpoints: configuration.localEndpoints, logger: logger)
        do {
            try await serve(context, handlesSignals: handlesSignals, onStart: onStart)
            await end(context)
        } catch {
            await end(context)
            throw ListenFailure.explained(error, host: configuration.host, port: configuration.port)
        }
    }

    private func end(_ context: ControlContext) async {
        await context.hasher.shutdown()
        await context.store.close()
    }

    private func serve(
        _ context: ControlContext, handlesSignals: Bool, onStart: @escaping @Sendable (Started) async -> Void
    ) async throws {
        let password = configuration.environment["ROADSTEAD_ADMIN_PASSWORD"].flatMap { $0.isEmpty ? nil : Redacted($0) }
        let first = try await FirstStart(context: context).ensure(password: password)
        try await ServerSettings.ensure(in: context)
        await SecretFileSealing.ensure(in: context)
        let plane = ControlPlane(
            context: context, planner: Assembly.planner(context), clusters: configuration.clusters)
        let http = application(plane, first: first, onStart: onStart)
        let jobs = JobRunner(
            store: context.store, handlers: Assembly.jobs(plane), schedules: Assembly.schedules, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: jobs), .init(service: WatchService(watch: LiveWatch(context: context))),
                    .init(service: ClusterWatchService(watch: ClusterWatch(context: context, tools: plane.clusters))),
                    .init(service: http),
                ],
                gracefulShutdownSignals: handlesSignals ? [.sigterm, .sigint] : [], logger: logger))
        try await group.run()
    }

    private func application(
        _ plane: ControlPlane, first: FirstStart.Outcome, onStart: @escaping @Sendable (Started) async -> Void
    ) -> some Service {
        let host = configuration.host
        let password: Redacted<String>? = if case .generated(let password) = first { password } else { nil }
        let metrics = ServerMetrics()
        let channels = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionSetup(metrics: metrics)], idleTimeout: .seconds(300),
            httpDecoderConfiguration: Self.limits)
        return Application(
            responder: FrontDoor(plane: plane, proxies: configuration.trustedProxies, metrics: metrics, logger: logger),
            server: HTTPServerBuilder { LoopBoundChannel(HTTP1Channel(responder: $0, configuration: channels)) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: configuration.port), serverName: "roadstead"),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                await onStart(Started(host: host, port: port, generatedPassword: password))
            }, logger: logger)
    }

    private static let limits = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 32 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200)
}
