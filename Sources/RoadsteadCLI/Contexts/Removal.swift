import RoadsteadBasics
import RoadsteadClient

/// What most commands named `rm` do: delete each thing that is named, in order, and say so.
enum Removal {
    static func run(
        _ names: [String], _ options: ConnectionOptions,
        find: (APIClient, String) async throws(RoadsteadError) -> ResourceID
    ) async throws {
        try await Connection.run(options) { connection in
            for name in names {
                let id = try await find(connection.client, name)
                try await connection.client.delete(id)
                connection.console.write(name == id.description ? "Removed \(id)." : "Removed \(name) (\(id)).")
            }
        }
    }
}
