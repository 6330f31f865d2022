import Metrics
import NIOHTTP1
import RoadsteadBasics
import Testing

@testable import RoadsteadREST

@Suite struct MetricsTests {
    @Test("the text is what Prometheus reads: kinds, sorted and escaped labels, buckets that add up")
    func text() {
        let registry = PrometheusRegistry()
        Counter(label: "requests.total", dimensions: [("z", "1"), ("a", "x\"\\\ny")], factory: registry).increment(
            by: 3)
        Meter(label: "7up", factory: registry).set(1.5)
        let timer = Timer(label: "took", dimensions: [("r", "/")], factory: registry)
        for milliseconds in [1, 30, 20_000] { timer.recordMilliseconds(milliseconds) }
        let lines = registry.text.split(separator: "\n").map(String.init)
        #expect(lines.contains("# TYPE requests_total counter"))
        #expect(lines.contains(#"requests_total{a="x\"\\\ny",z="1"} 3"#))
        #expect(lines.contains("# TYPE _7up gauge") && lines.contains("_7up 1.5"))
        #expect(lines.contains(#"took_bucket{r="/",le="0.001"} 1"#) && lines.contains(#"took_bucket{r="/",le="10"} 2"#))
        #expect(lines.contains(#"took_bucket{r="/",le="+Inf"} 3"#) && lines.contains(#"took_count{r="/"} 3"#))
        #expect(lines.contains(#"took_sum{r="/"} 20.031"#))
    }

    @Test("the number of series is bounded, and what was dropped is told")
    func bounded() {
        let registry = PrometheusRegistry(limit: 10)
        for index in 0..<50 { Counter(label: "c", dimensions: [("i", "\(index)")], factory: registry).increment() }
        let lines = registry.text.split(separator: "\n")
        #expect(lines.count < 20)
        #expect(lines.contains("roadstead_metrics_series_dropped_total 40"))
    }

    @Test("requests are counted by route, not by path, whatever people ask for")
    func server() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let id = try await server.addService(cookie: cookie)
            for path in ["/api/" + id, "/api/infrastructure-service/a", "/api/made-up/b", "/api/made-up2"] {
                _ = try await server.send(.GET, path, cookie: cookie)
            }
            let text = try await server.send(.GET, "/metrics").text
            #expect(
                text.contains(
                    #"roadstead_http_requests_total{method="GET",route="/api/infrastructure-service/{uuid}",status="404"} 1"#
                ))
            #expect(text.contains(#"route="/api/{type}/{uuid}",status="405"} 1"#))
            #expect(!text.contains("made-up") && !text.contains(id))
            for name in [
                "roadstead_jobs{state=\"QUEUED\"}", "roadstead_store_bytes{file=\"database\"}",
                "process_resident_memory_bytes", "roadstead_http_connections_open",
                "roadstead_http_request_duration_seconds_bucket{",
            ] { #expect(text.contains(name), "\(name)") }
            let handedOn = try await server.send(.GET, "/metrics", headers: ["x-forwarded-for": "192.0.2.1"])
            #expect(handedOn.status == 403)
            let admin = try await server.admin()
            let asAdmin = try await server.send(
                .GET, "/metrics", cookie: admin, headers: ["x-forwarded-for": "192.0.2.1"])
            #expect(asAdmin.status == 200)
        }
    }
}
