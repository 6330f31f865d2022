import RemoteHosts
import RoadsteadBasics
import Testing

@testable import RoadsteadControl

@Suite struct PackageSettingsTests {
    private static let address = "ROADSTEAD_DOCKER_PACKAGES"
    private static let fingerprint = "ROADSTEAD_DOCKER_PACKAGES_FINGERPRINT"

    @Test("Docker's own packages unless a mirror is named, whose key is Docker's unless it says another")
    func settings() throws {
        #expect(try ClusterTools(environment: [:]).dockerPackages == .docker)
        let plain = try ClusterTools(environment: [Self.address: "https://m.example/linux/"]).dockerPackages
        #expect(plain.url == "https://m.example/linux" && plain.fingerprint == PackageRepository.docker.fingerprint)
        let own = String(repeating: "ab", count: 20)
        let signed = try ClusterTools(environment: [
            Self.address: "http://m.example", Self.fingerprint: own,
            "ROADSTEAD_DOCKER_PACKAGES_KEY": "https://m.example/key",
        ]).dockerPackages
        #expect(signed.fingerprint == own.uppercased() && signed.key == "https://m.example/key")
    }

    @Test(
        "a setting that is wrong is named",
        arguments: [
            [address: "m.example"], [address: "https://m.example", fingerprint: "9DC8"], [fingerprint: "9DC8"],
            [address: "https://m.example/$(id)"],
        ])
    func wrong(environment: [String: String]) {
        let error = #expect(throws: RoadsteadError.self) { try ClusterTools(environment: environment) }
        #expect(error?.code == .invalidInput && error?.message.contains(Self.address) == true)
    }
}
