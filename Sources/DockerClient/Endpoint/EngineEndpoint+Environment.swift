import Foundation
import RoadsteadBasics

extension EngineEndpoint {
    /// The engine that docker's own command would talk to: `DOCKER_HOST`; else the docker context that `DOCKER_CONTEXT` or
    /// the `currentContext` of docker's config.json names; else `/var/run/docker.sock`.
    ///
    /// With `DOCKER_TLS_VERIFY` or `DOCKER_TLS` set to anything, `ca.pem`, `cert.pem` and `key.pem` come from
    /// `DOCKER_CERT_PATH`, else from docker's configuration folder (`DOCKER_CONFIG`, else `~/.docker`). The server's
    /// identity is verified in every case, also where docker would not (`DOCKER_TLS` alone, `SkipTLSVerify`).
    ///
    /// Reads small files, so that it belongs at the start of a command. Throws `invalidInput`.
    public static func fromEnvironment(_ environment: [String: String]) throws(EngineError) -> EngineEndpoint {
        let files = DockerConfiguration(environment)
        if let host = files.value("DOCKER_HOST") { return try parse(host, tls: files.environmentTLS(for: host)) }
        guard let name = try files.contextName(), name != "default" else { return standardSocket }
        return try files.endpoint(ofContext: name)
    }
}

/// Docker's variables and its configuration folder.
private struct DockerConfiguration {
    private let environment: [String: String]
    private let folder: String

    init(_ environment: [String: String]) {
        self.environment = environment
        let home = environment["HOME"] ?? NSHomeDirectory()
        folder = environment["DOCKER_CONFIG"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.docker"
    }

    /// An empty variable is as good as none.
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    func environmentTLS(for host: String) throws(EngineError) -> EngineTLS? {
        guard value("DOCKER_TLS_VERIFY") != nil || value("DOCKER_TLS") != nil, !host.hasPrefix("unix:") else {
            return nil
        }
        let path = value("DOCKER_CERT_PATH") ?? folder
        guard let tls = try tls(in: path) else {
            throw refusal(
                "DOCKER_TLS_VERIFY is set, but \(path) has no ca.pem, cert.pem or key.pem: set DOCKER_CERT_PATH")
        }
        return tls
    }

    /// nil when there is no such file at all.
    private func tls(in path: String) throws(EngineError) -> EngineTLS? {
        let (ca, certificate, key) = (
            try text(path + "/ca.pem"), try text(path + "/cert.pem"), try text(path + "/key.pem")
        )
        guard ca != nil || certificate != nil || key != nil else { return nil }
        return EngineTLS(ca: ca, certificate: certificate, key: key.map { Redacted($0) })
    }

    func contextName() throws(EngineError) -> String? {
        if let name = value("DOCKER_CONTEXT") { return name }
        guard let text = try text(folder + "/config.json") else { return nil }
        guard let config = try? JSONValue.parse(text) else { throw refusal("\(folder)/config.json is not JSON") }
        return config["currentContext"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A context's folder is named by a hash of its name; looking into each spares us the hash.
    func endpoint(ofContext name: String) throws(EngineError) -> EngineEndpoint {
        let contexts = folder + "/contexts"
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: contexts + "/meta")) ?? [] {
            guard let text = try text(contexts + "/meta/\(entry)/meta.json"), let meta = try? JSONValue.parse(text),
                meta["Name"]?.stringValue == name
            else { continue }
            guard let host = meta["Endpoints"]?["docker"]?["Host"]?.stringValue else {
                throw refusal("docker context '\(name)' names no engine")
            }
            let isSocket = host.hasPrefix("unix:")
            return try .parse(host, tls: isSocket ? nil : try tls(in: contexts + "/tls/\(entry)/docker"))
        }
        throw refusal(
            "docker context '\(name)' is not in \(contexts): see docker context ls, or set DOCKER_HOST instead")
    }

    /// nil when there is no such file. Capped at 1 MiB.
    private func text(_ path: String) throws(EngineError) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let handle = FileHandle(forReadingAtPath: path) else { throw refusal("cannot read \(path)") }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: 1 << 20) else { throw refusal("cannot read \(path)") }
        return String(decoding: data, as: UTF8.self)
    }

    private func refusal(_ message: String) -> EngineError {
        EngineError(.invalidInput, message, endpoint: value("DOCKER_HOST") ?? folder)
    }
}
