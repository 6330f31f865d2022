import ArgumentParser
import Foundation
import RoadsteadBasics

/// The secrets of a credential, as a command line may name them: files, standard input, environment; never values.
struct CredentialInput: ParsableArguments {
    @Option(help: ArgumentHelp("PEM file of the authority that signed the service's certificate.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("PEM file of the client certificate.", valueName: "file"))
    var cert: String?

    @Option(help: ArgumentHelp("PEM file of the client certificate's private key.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("Folder with ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH.", valueName: "folder"))
    var certPath: String?

    @Option(help: "User name at a registry or Helm repository.")
    var username: String?

    @Flag(help: "Read its password from standard input (or set ROADSTEAD_REGISTRY_PASSWORD).")
    var passwordStdin = false

    @Option(help: "Access key of an S3 store.")
    var accessKey: String?

    @Flag(help: "Read its secret key from standard input (or set ROADSTEAD_S3_SECRET_KEY).")
    var secretKeyStdin = false

    /// Refuses what does not make a credential of that kind.
    func validate(_ kind: ServiceKind, needsTLS: Bool) throws {
        switch kind {
        case .swarm, .kubernetes: try validateCertificates(needsTLS: needsTLS)
        case .registry, .helmRepo:
            guard username != nil else {
                throw ValidationError("The credential of a \(kind.noun) needs --username NAME.")
            }
        case .s3:
            guard accessKey != nil else {
                throw ValidationError("The credential of an S3 store needs --access-key KEY.")
            }
        }
        guard kind.takesCertificates || [cert, key, certPath].allSatisfy({ $0 == nil }) else {
            throw ValidationError("--cert, --key and --cert-path are for Swarms and Kubernetes; --ca is for all.")
        }
    }

    private func validateCertificates(needsTLS: Bool) throws {
        let files = [ca, cert, key].compactMap { $0 }
        if certPath != nil, !files.isEmpty {
            throw ValidationError("Give --cert-path FOLDER, or --ca, --cert and --key, not both.")
        }
        guard certPath == nil else { return }
        guard files.count == 3 || (files.isEmpty && !needsTLS) else {
            throw ValidationError(
                "TLS needs --ca FILE, --cert FILE and --key FILE (or --cert-path FOLDER).")
        }
    }

    /// The template of a new credential for a service of that kind, without its parent.
    func template(_ kind: ServiceKind) async throws -> JSONObject {
        var template: JSONObject = ["href": .string("credential-template/" + kind.credential)]
        switch kind {
        case .registry, .helmRepo:
            template["username"] = .string(username ?? "")
            let secret = SecretSource(
                what: "password", variable: "ROADSTEAD_REGISTRY_PASSWORD", flag: "--password-stdin",
                question: "Password of \(username ?? "")")
            template["password"] = .string(try await secret.read(fromInput: passwordStdin).exposed)
        case .s3:
            template["access-key"] = .string(accessKey ?? "")
            let secret = SecretSource(
                what: "secret key", variable: "ROADSTEAD_S3_SECRET_KEY", flag: "--secret-key-stdin",
                question: "Secret key of \(accessKey ?? "")")
            template["secret-key"] = .string(try await secret.read(fromInput: secretKeyStdin).exposed)
        case .swarm, .kubernetes: break
        }
        for (name, file) in [("ca", ca), ("cert", cert), ("key", key)] {
            guard let path = certPath.map({ "\($0)/\(name).pem" }) ?? file else { continue }
            template[name] = .string(try PEMFile.read(path, isKey: name == "key"))
        }
        return template
    }
}

/// Certificates and keys in PEM form.
enum PEMFile {
    /// Refuses files that were mistaken for one another before a server or an engine has to.
    static func read(_ path: String, isKey: Bool) throws(RoadsteadError) -> String {
        let text = try TextFile.read(path)
        let hasKey = text.contains("PRIVATE KEY-----")
        let hasCertificate = text.contains("-----BEGIN CERTIFICATE-----")
        guard isKey ? hasKey : hasCertificate else {
            let what = isKey ? "private key" : "certificate"
            throw RoadsteadError(.invalidInput, "\(path) holds no \(what) in PEM form (-----BEGIN …)")
        }
        return text
    }
}
