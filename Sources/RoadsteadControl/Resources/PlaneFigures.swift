import Foundation
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// What a control plane has to do and to keep, for those who watch over it.
public struct PlaneFigures: Sendable {
    public let jobs: [(state: String, count: Int)]
    public let storeBytes: [(file: String, bytes: Int64)]
}

extension ControlPlane {
    /// Counts jobs by state and looks at the store's files.
    public func figures() async throws -> PlaneFigures {
        var jobs: [(state: String, count: Int)] = []
        for state in ["QUEUED", "RUNNING", "SUCCESS", "FAILED", "CANCELED"] {
            let query = DocumentQuery(type: "job", filter: .equal("state", .string(state)), last: 0)
            jobs.append((state, try await context.store.query(query).count))
        }
        let files = [("database", ""), ("log", "-wal")].compactMap { name, suffix in
            Self.size(context.store.path + suffix).map { (file: name, bytes: $0) }
        }
        return PlaneFigures(jobs: jobs, storeBytes: files)
    }

    private static func size(_ path: String) -> Int64? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.int64Value
    }
}
