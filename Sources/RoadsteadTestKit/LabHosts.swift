import DockerClient
import Foundation
import Logging
import RoadsteadBasics

/// The real hosts that `./test` (or `make lab`) made for lab tests: three in one Swarm with `h1` as its manager, and a
/// registry with TLS and a password that they can pull from.
///
/// Found by the environment: `ROADSTEAD_LAB` is the lab's name; `LAB_DIR` its folder when it is not the usual one.
public struct LabHosts: Sendable {
    public struct Registry: Sendable {
        /// Host and port.
        public let address: String
        public let user: String
        public let password: Redacted<String>

        public var auth: RegistryAuth {
            RegistryAuth(username: user, password: password, serverAddress: address)
        }

        /// An image that `Lab/registry push` made: `busybox:1`, `busybox:2`.
        public func image(_ name: String) -> String { "\(address)/\(name)" }
    }

    /// The S3 store that `Lab/s3 up` made.
    public struct Store: Sendable {
        /// Plain HTTP.
        public let endpoint: String
        /// With a certificate of the lab's own authority.
        public let secureEndpoint: String
        public let accessKey: String
        public let secretKey: Redacted<String>
    }

    /// Thrown where a test cannot run for lack of its hosts; it fails then, it does not skip.
    public struct Missing: Error, CustomStringConvertible {
        public let description: String

        init(_ what: String) {
            description = "\(what): lab tests need hosts; run ./test, or `make lab`, which make them"
        }
    }

    public let name: String
    private let folder: URL

    /// Throws `Missing` when there is no lab.
    public static func required(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> LabHosts {
        guard let name = environment["ROADSTEAD_LAB"], !name.isEmpty else {
            throw Missing("the variable ROADSTEAD_LAB is not set")
        }
        let folder = URL(filePath: environment["LAB_DIR"] ?? "/var/tmp/\(name)-lab")
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw Missing("lab '\(name)' has no folder \(folder.path)")
        }
        return LabHosts(name: name, folder: folder)
    }

    private func text(_ path: String) throws -> String {
        guard let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8) else {
            throw Missing("lab '\(name)' has no \(path)")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The IPv4 address of `h1`, `h2`, `h3`, …
    public func address(_ host: String) throws -> String { try text("hosts/\(host)/ip") }

    /// The first three numbers of all addresses: `10.213.0`.
    public func network() throws -> String { try text("net") }

    /// The file of the private key that root and debian of all hosts are entered with.
    public var userKeyFile: String { folder.appending(path: "id_ed25519").path }

    public func registry() throws -> Registry {
        Registry(
            address: try address("reg") + ":5000", user: "lab",
            password: Redacted(try text("registry-password")))
    }

    public func store() throws -> Store {
        let keys = try text("s3-keys").split(separator: "\n").map(String.init)
        guard keys.count == 2 else { throw Missing("lab '\(name)' has no s3-keys") }
        let address = try address("s3")
        return Store(
            endpoint: "http://\(address):7480", secureEndpoint: "https://\(address):7481", accessKey: keys[0],
            secretKey: Redacted(keys[1]))
    }
}

// MARK: - Engines

extension LabHosts {
    /// The folder with `ca.pem`, `cert.pem` and `key.pem` of a client that all engines of the lab accept.
    public var tlsFolder: String { folder.appending(path: "tls").path }

    public func tls() throws -> EngineTLS {
        EngineTLS(
            ca: try text("tls/ca.pem"), certificate: try text("tls/cert.pem"), key: Redacted(try text("tls/key.pem")))
    }

    /// `https://ADDRESS:2376`.
    public func endpointText(_ host: String = "h1") throws -> String { "https://\(try address(host)):2376" }

    public func endpoint(_ host: String = "h1") throws -> EngineEndpoint {
        .tcp(host: try address(host), port: 2376, tls: try tls())
    }

    /// Runs `body` with a client of a host's engine, and shuts it down afterwards.
    public func withEngine<Value: Sendable>(
        _ host: String = "h1", _ body: (EngineClient) async throws -> Value
    ) async throws -> Value {
        let client = try EngineClient(endpoint: try endpoint(host), logger: Logger(label: "lab"))
        do {
            let value = try await body(client)
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            throw error
        }
    }
}
