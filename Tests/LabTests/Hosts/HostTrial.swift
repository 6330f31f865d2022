import Foundation
import RemoteHosts
import RoadsteadBasics
import RoadsteadTestKit

/// Bare hosts of its own for a test: their numbers give their addresses (`rc50` is .60), and they are gone at the end.
struct HostTrial: Sendable {
    let lab: LabHosts

    /// `layer`: what is on the hosts already.
    static func run(
        _ hosts: [String], suite: String? = nil, layer: String? = nil,
        _ body: (HostTrial) async throws -> Void
    ) async throws {
        let lab = try LabHosts.required()
        let trial = HostTrial(lab: lab)
        do {
            for host in hosts { try await trial.create(host, suite: suite, layer: layer) }
            try await body(trial)
        } catch {
            await trial.destroy(hosts)
            throw error
        }
        await trial.destroy(hosts)
    }

    func create(_ host: String, suite: String? = nil, layer: String? = nil) async throws {
        let options = [("--suite", suite), ("--layer", layer)].flatMap { name, value in value.map { [name, $0] } ?? [] }
        try await lab.command("lab", ["create", host] + options)
    }

    /// With Docker in it, which starts at its first use.
    static func runWithDocker(_ host: String, _ body: (HostTrial) async throws -> Void) async throws {
        try await run([]) { trial in
            do {
                try await trial.create(host, layer: "docker")
                try await body(trial)
            } catch {
                await trial.destroy([host])
                throw error
            }
            await trial.destroy([host])
        }
    }

    func destroy(_ hosts: [String]) async {
        for host in hosts { _ = try? await lab.command("lab", "destroy", host) }
    }

    /// At the console.
    @discardableResult
    func console(_ host: String, _ script: String) async throws -> String {
        try await lab.command("lab", "exec", host, "sh", "-c", script)
    }

    /// The key that the provider's console would show.
    func key(_ host: String) async throws -> HostKey {
        guard let key = HostKey(try await lab.command("lab", "hostkey", host)) else {
            throw RoadsteadError(.internal, "lab hostkey \(host) shows no key")
        }
        return key
    }

    func login(
        _ host: String, user: String = "root", trust: HostKeyTrust? = nil, authentication: HostAuthentication? = nil,
        jump: HostLogin.Jump? = nil
    ) async throws -> HostLogin {
        let known: HostKeyTrust
        if let trust { known = trust } else { known = .known([try await key(host)]) }
        return try HostLogin(
            address: try HostAddress(try lab.address(host)), user: user, trust: known,
            authentication: try authentication ?? sealedKey(), jump: jump)
    }

    func sealedKey() throws -> HostAuthentication {
        .key(Redacted(try String(contentsOfFile: lab.userKeyFile, encoding: .utf8)))
    }

    /// What connecting ends with; nil when it works.
    func refusal(_ login: HostLogin) async throws -> RemoteHostError.Code? {
        do {
            try await RemoteHost.with(login) { try await $0.connect() }
            return nil
        } catch let error as RemoteHostError { return error.code }
    }
}
