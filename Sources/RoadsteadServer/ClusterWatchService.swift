import RoadsteadControl
import ServiceLifecycle

/// The watch over clusters among the server's services: it ends when the server stops.
struct ClusterWatchService: Service {
    let watch: ClusterWatch

    func run() async throws { await cancelWhenGracefulShutdown { await watch.run() } }
}
