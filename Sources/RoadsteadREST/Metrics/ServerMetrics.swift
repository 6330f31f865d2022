import Foundation
import Metrics
import RoadsteadControl
import Synchronization

/// What the server measures of itself: requests as they come, everything else when somebody asks.
public final class ServerMetrics: Sendable {
    private struct Route: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Meters {
        let count: Counter
        let duration: Timer
    }

    private static let methods: Set<String> = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"]

    private let registry: PrometheusRegistry
    private let routes = Mutex<[Route: Meters]>([:])
    private let connections: Meter

    public init(registry: PrometheusRegistry = PrometheusRegistry()) {
        self.registry = registry
        connections = Meter(label: "roadstead_http_connections_open", factory: registry)
    }

    public func connectionOpened() { connections.increment() }
    public func connectionClosed() { connections.decrement() }

    /// `route` is one of a bounded set: a template, never a path.
    package func record(_ method: String, _ route: String, status: Int, _ duration: Duration) {
        let method = Self.methods.contains(method) ? method : "OTHER"
        let key = Route(method: method, route: route, status: status)
        let meters = routes.withLock { routes in
            if let known = routes[key] { return known }
            let made = make(key)
            routes[key] = made
            return made
        }
        meters.count.increment()
        let (seconds, attoseconds) = duration.components
        meters.duration.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private func make(_ key: Route) -> Meters {
        let place = [("method", key.method), ("route", key.route)]
        return Meters(
            count: Counter(
                label: "roadstead_http_requests_total", dimensions: place + [("status", String(key.status))],
                factory: registry),
            duration: Timer(label: "roadstead_http_request_duration_seconds", dimensions: place, factory: registry))
    }

    /// The text that Prometheus reads, with the figures of this moment.
    func text(_ plane: ControlPlane) async throws -> String {
        let figures = try await plane.figures()
        for (state, count) in figures.jobs { set("roadstead_jobs", [("state", state)], Double(count)) }
        for (file, bytes) in figures.storeBytes { set("roadstead_store_bytes", [("file", file)], Double(bytes)) }
        if let resident = Self.residentBytes() { set("process_resident_memory_bytes", [], resident) }
        return registry.text
    }

    private func set(_ label: String, _ dimensions: [(String, String)], _ value: Double) {
        Meter(label: label, dimensions: dimensions, factory: registry).set(value)
    }

    /// Of this process, as the kernel counts (proc(5), statm): read in microseconds, from no disk.
    private static func residentBytes() -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) }
        return pages.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
    }
}
