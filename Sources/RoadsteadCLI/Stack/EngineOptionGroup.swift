import ArgumentParser
import DockerClient
import Foundation
import Logging
import RoadsteadBasics
import RoadsteadControl

/// Which Docker Engine a command talks to.
struct EngineOptionGroup: ParsableArguments, Sendable {
    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp("The engine's address, instead of DOCKER_HOST.", valueName: "url"))
    var host: String?

    /// Runs `body` with a client of the engine, and closes it afterwards.
    func withEngine<Value: Sendable>(_ body: (EngineClient, StackEngine) async throws -> Value) async throws -> Value {
        try await Self.withEngine(host: host, body)
    }

    /// - Parameter host: the engine's address, instead of `DOCKER_HOST`.
    static func withEngine<Value: Sendable>(
        host: String? = nil, _ body: (EngineClient, StackEngine) async throws -> Value
    ) async throws -> Value {
        let client: EngineClient
        do {
            let endpoint = try EngineEnvironment.endpoint(host: host, Console.standard.environment)
            client = try EngineClient(endpoint: endpoint, logger: Self.logger)
        } catch { throw RoadsteadError.translating(error) }
        do {
            let value = try await body(client, StackEngine(engine: client, logger: Self.logger))
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            // An exit status is the command's own, everything else may be the engine's.
            throw error is ExitCode ? error : RoadsteadError.translating(error)
        }
    }

    /// A command speaks by its output; nothing of the library's log belongs between.
    private static let logger = Logger(label: "roadstead") { _ in SwiftLogNoOpLogHandler() }
}

/// Docker's own variables that say where the engine is.
enum EngineEnvironment {
    /// `DOCKER_HOST`, else the standard socket; TLS by `DOCKER_TLS_VERIFY` (any value) or `DOCKER_TLS`, with ca.pem,
    /// cert.pem and key.pem of `DOCKER_CERT_PATH` (else of `DOCKER_CONFIG`, else of `~/.docker`).
    ///
    /// The server's certificate is verified in every case: docker's `DOCKER_TLS` alone would not.
    static func endpoint(host: String?, _ environment: [String: String]) throws -> EngineEndpoint {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let text = host ?? value("DOCKER_HOST") else { return .standardSocket }
        guard value("DOCKER_TLS_VERIFY") != nil || value("DOCKER_TLS") != nil, !text.hasPrefix("unix:") else {
            return try EngineEndpoint.parse(text, tls: nil)
        }
        let home = value("HOME") ?? NSHomeDirectory()
        let folder = value("DOCKER_CERT_PATH") ?? value("DOCKER_CONFIG") ?? home + "/.docker"
        return try EngineEndpoint.parse(text, tls: try tls(folder))
    }

    /// A client without a certificate of its own, or one that trusts the system's authorities, is possible.
    private static func tls(_ folder: String) throws(RoadsteadError) -> EngineTLS {
        func optional(_ name: String, isKey: Bool) throws(RoadsteadError) -> String? {
            let path = folder + "/" + name
            return FileManager.default.fileExists(atPath: path) ? try PEMFile.read(path, isKey: isKey) : nil
        }
        let key = try optional("key.pem", isKey: true)
        return EngineTLS(
            ca: try optional("ca.pem", isKey: false), certificate: try optional("cert.pem", isKey: false),
            key: key.map(Redacted.init))
    }
}
