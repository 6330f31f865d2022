import Logging
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit

extension CloudDouble {
    static let exoscale = Task { try await CloudDouble("Tests/RoadsteadCloudsTests/Exoscale/exoscale_double.py") }

    func exoscaleDriver(
        key: String, secret: String = "right", zone: String = "ch-gva-2", limit: Duration = .seconds(60)
    ) throws -> ExoscaleDriver {
        try ExoscaleDriver(
            credential: ExoscaleCredential(apiKey: key, apiSecret: Redacted(secret), zone: zone),
            endpoint: endpoint + "/ZONE/v2",
            pace: ExoscalePace(looks: Backoff(base: .milliseconds(20), cap: .milliseconds(100)), limit: limit),
            logger: Logger(label: "test"))
    }
}
