import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead history [NAME]`
struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the revisions of a deployment: what was applied, when and by whom.")

    @OptionGroup var deployment: NamedDeployment
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await deployment.find(connection.client)
            let revisions = try await DeploymentRevisions.list(connection.client, of: try found.requireID())
            connection.console.write(
                try Self.listing(revisions, current: found["revision"]?.integerValue, now: connection.clock.now)
                    .lines(output))
        }
    }

    static func listing(_ revisions: [JSONObject], current: Int64?, now: Instant) -> Listing {
        Listing(
            documents: revisions,
            columns: [
                .init("REVISION") { revision in
                    revision.text("revision") + (revision["revision"]?.integerValue == current ? " *" : "")
                },
                .init("APPLIED") { Age.text($0.text("created"), now: now) + " ago" }, .init("BY", key: "created-by"),
                .init("OPERATION") { revision in
                    let restored = revision.text("restored")
                    return revision.text("operation") + (restored.isEmpty ? "" : " of \(restored)")
                },
                .init("VERSION") { $0["module"]?["version"]?.integerValue.map(String.init) ?? "" },
                .init("OUTCOME", key: "outcome"),
                .init("IMAGES") { DeploymentRevisions.images($0).map { "\($0)=\($1)" }.joined(separator: ", ") },
            ])
    }
}

/// The recorded revisions of a deployment (`deployment-revision`).
enum DeploymentRevisions {
    /// The newest first.
    static func list(_ client: APIClient, of deployment: ResourceID) async throws(RoadsteadError) -> [JSONObject] {
        let query = ClientQuery(filter: "parent='\(deployment)'", orderBy: "revision:desc")
        return try await client.query("deployment-revision", query).documents
    }

    /// Images by service, without their digests.
    static func images(_ revision: JSONObject) -> [(service: String, image: String)] {
        (revision["images"]?.objectValue?.members ?? []).sorted { $0.key < $1.key }
            .map { ($0.key, String(($0.value.stringValue ?? "").prefix { $0 != "@" })) }
    }
}
