import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct ClusterUpgradeDocumentTests {
    private let before: JSONObject = [
        "name": "prod", "workers": 2, "engine": ["packages": "distribution", "version": "20.10", "patience": 60],
    ]

    private func engine(_ version: String?, _ packages: String?) -> JSONValue? {
        ClusterUpgrade.document(before, engine: version, packages: packages)["engine"]
    }

    @Test("only the engine is edited, and of it only what was said")
    func engine() {
        #expect(ClusterUpgrade.document(before, engine: nil, packages: nil) == before)
        #expect(engine("26.1", nil) == ["packages": "distribution", "version": "26.1", "patience": 60])
        #expect(engine(nil, "distribution") == before["engine"])
    }

    @Test("a version that was pinned of other packages does not count for new ones")
    func packages() {
        #expect(engine(nil, "docker") == ["packages": "docker", "patience": 60])
        #expect(engine("27.5", "docker") == ["packages": "docker", "patience": 60, "version": "27.5"])
    }
}
