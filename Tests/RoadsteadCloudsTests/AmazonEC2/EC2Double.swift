import Logging
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit

extension CloudDouble {
    static let ec2 = Task { try await CloudDouble("Tests/RoadsteadCloudsTests/AmazonEC2/ec2_double.py") }

    func ec2Driver(key: String, secret: String = "right", pageSize: Int = 500) throws -> AmazonEC2Driver {
        try AmazonEC2Driver(
            credential: AmazonEC2Credential(
                accessKey: key, secretKey: Redacted(secret), region: "us-east-1", endpoint: endpoint),
            pageSize: pageSize, logger: Logger(label: "test"))
    }
}
