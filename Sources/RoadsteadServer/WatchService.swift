import RoadsteadControl
import ServiceLifecycle

/// The live watch among the server's services: it ends when the server stops.
struct WatchService: Service {
    let watch: LiveWatch

    func run() async throws { await cancelWhenGracefulShutdown { await watch.run() } }
}
