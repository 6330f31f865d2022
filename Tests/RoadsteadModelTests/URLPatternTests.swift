import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite struct URLPatternTests {
    private let values = ["hostname": "10.0.0.1", "web.tcp.80": "8080", "api.tcp.1": "7", "db.tcp.1": "8", "token": ""]

    @Test("names are replaced by values; without one, or with an empty one, there is no URL")
    func resolves() {
        #expect(URLPattern("http://${hostname}:${web.tcp.80}/?a=1").resolved(values) == "http://10.0.0.1:8080/?a=1")
        for pattern in ["http://${nothing}", "http://${token}", "${web.tcp.81}"] {
            #expect(URLPattern(pattern).resolved(values) == nil)
        }
        #expect(URLPattern("http://x/${open").resolved([:]) == "http://x/${open")
    }

    @Test("a port without its service is that of the only one that publishes it")
    func shortForm() {
        #expect(URLPattern("http://h:${tcp.80}").resolved(values) == "http://h:8080")
        #expect(URLPattern("http://h:${tcp.1}").resolved(values) == nil, "two services publish it")
        #expect(URLPattern("${tcp.80}").resolved(["web.1.tcp.80": "10.0.0.1:80"]) == nil, "a replica is no service")
    }

    @Test("names that can never have a value are found")
    func unknown() {
        let pattern = URLPattern("${hostname} ${ip.local} ${web.tcp.80} ${tcp.80} ${token} ${wbe.tcp.80} ${tcp.x}")
        #expect(pattern.unknownNames(services: ["web"], outputs: ["token"]) == ["wbe.tcp.80", "tcp.x"])
    }
}
