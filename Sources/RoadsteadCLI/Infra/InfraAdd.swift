import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient

/// `roadstead infra add TYPE NAME`
struct InfraAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Register an infrastructure service with its credential, and check it.",
        discussion: #"""
            A Swarm behind TLS, one on this machine, a registry, and an S3 store:
              roadstead infra add swarm lab --endpoint https://10.1.0.10:2376 \
                --ca ca.pem --cert cert.pem --key key.pem
              roadstead infra add swarm here --docker-host unix:///var/run/docker.sock
              roadstead infra add registry hub --endpoint https://hub.example.org \
                --username ci --password-stdin
              roadstead infra add s3 store --endpoint https://s3.example.org \
                --access-key AK --secret-key-stdin
            --ca FILE names the authority of a service that has one of its own.
            """#)

    @Argument(help: "What it is: swarm, registry, s3, helm-repo or kubernetes.")
    var type: ServiceKind

    @Argument(help: "What to call it.")
    var name: String

    @Option(help: ArgumentHelp("Its address, such as https://10.1.0.10:2376.", valueName: "url"))
    var endpoint: String?

    @Option(help: ArgumentHelp("The same for a Swarm, in Docker's words: unix:///… or tcp://…", valueName: "url"))
    var dockerHost: String?

    @Option(help: "A line about it.")
    var description: String?

    @OptionGroup(title: "Credential") var credential: CredentialInput

    @Flag(help: "Do not wait for the check that it can be reached and used.")
    var noCheck = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (endpoint == nil) != (dockerHost == nil) else {
            throw ValidationError("Give the address by --endpoint URL (or --docker-host URL).")
        }
        guard dockerHost == nil || type == .swarm else {
            throw ValidationError("--docker-host is for Swarms; give the address by --endpoint URL.")
        }
        try credential.validate(type, needsTLS: type == .kubernetes || Self.speaksTLS(address))
    }

    private var address: String { endpoint ?? dockerHost ?? "" }

    /// Only a socket of this machine, and TCP in so many words, go without TLS.
    static func speaksTLS(_ address: String) -> Bool {
        !(address.hasPrefix("unix://") || address.hasPrefix("http://") || address.hasPrefix("tcp://"))
    }

    func run() async throws {
        let secrets = try await credential.template(type)
        try await Connection.run(connection) { connection in
            if try await ResourceLookup.infrastructure(connection.client).find(name) != nil {
                throw RoadsteadError(
                    .conflict,
                    "an infrastructure service '\(name)' exists: take another name, or `roadstead infra rm \(name)`")
            }
            let service = try await addService(connection.client)
            let added = try await addCredential(connection.client, service, secrets)
            if !noCheck, type.canBeChecked {
                try await InfraChecker(connection: connection, isQuiet: isMachineRead).check(added, name: name)
            }
            let document = try await connection.client.get(service)
            connection.console.write(
                try Listing.lines(document, output) { ["Registered \(type.rawValue) '\(name)' (\(service))."] })
        }
    }

    private var isMachineRead: Bool { output.quiet || output.output != .table }

    private func addService(_ client: APIClient) async throws(RoadsteadError) -> ResourceID {
        var document: JSONObject = ["name": .string(name)]
        document["description"] = description.map(JSONValue.string)
        document["template"] = [
            "href": "infrastructure-service-template/generic", "subtype": .string(type.rawValue),
            "endpoint": .string(address),
        ]
        return try await client.add("infrastructure-service", document).requireResource()
    }

    /// A service without its credential is of no use: it is taken back when the credential is refused.
    private func addCredential(
        _ client: APIClient, _ service: ResourceID, _ template: JSONObject
    ) async throws(RoadsteadError) -> ResourceID {
        var template = template
        template["parent"] = .string(service.description)
        do {
            return try await client.add(
                "credential", ["name": .string(name), "template": .object(template)]
            ).requireResource()
        } catch {
            _ = try? await client.delete(service)
            throw error
        }
    }
}
