import RemoteHosts
import RoadsteadBasics

extension PackageRepository {
    private static let address = "ROADSTEAD_DOCKER_PACKAGES"
    private static let keyAddress = "ROADSTEAD_DOCKER_PACKAGES_KEY"
    private static let keyFingerprint = "ROADSTEAD_DOCKER_PACKAGES_FINGERPRINT"

    /// Docker's own, unless a mirror is named; one that signs anew names its key's fingerprint, too. Throws `invalidInput`,
    /// naming the variables.
    init(environment: [String: String]) throws(RoadsteadError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let fingerprint = value(Self.keyFingerprint)
        guard let url = value(Self.address) else {
            guard fingerprint == nil, value(Self.keyAddress) == nil else {
                throw RoadsteadError(
                    .invalidInput,
                    "\(Self.keyFingerprint) and \(Self.keyAddress) are those of a mirror: set \(Self.address), too")
            }
            self = .docker
            return
        }
        do {
            try self.init(
                url: url, fingerprint: fingerprint ?? Self.docker.fingerprint, key: value(Self.keyAddress))
        } catch { throw RoadsteadError(.invalidInput, "\(Self.address): \(error.message)") }
    }
}
