import ArgumentParser
import Foundation
import RoadsteadBasics

/// The secrets of a credential, as a command line may name them: files, standard input, environment; never values.
struct CredentialInput: ParsableArguments {
    @Option(help: ArgumentHelp("PEM file of the authority that signed the engine's certificate.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("PEM file of the client certificate.", valueName: "file"))
    var cert: String?

    @Option(help: ArgumentHelp("PEM file of the client certificate's private key.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("Folder with ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH.", valueName: "folder"))
    var certPath: String?

    @Option(help: "User name at a registry.")
    var username: String?

    @Flag(help: "Read the registry's password from standard input (or set ROADSTEAD_REGISTRY_PASSWORD).")
    var passwordStdin = false

    func validateSwarm(needsTLS: Bool) throws {
        let files = [ca, cert, key].compactMap { $0 }
        if certPath != nil, !files.isEmpty {
            throw ValidationError("Give --cert-path FOLDER, or --ca, --cert and --key, not both.")
        }
        guard certPath == nil else { return }
        guard files.count == 3 || (files.isEmpty && !needsTLS) else {
            throw ValidationError(
                "A Swarm over TLS needs --ca FILE, --cert FILE and --key FILE (or --cert-path FOLDER).")
        }
    }

    func validateRegistry() throws {
        guard username != nil else { throw ValidationError("A registry's credential needs --username NAME.") }
    }

    /// The template of a new credential for a service of type `subtype`, without its parent.
    func template(_ subtype: String) async throws -> JSONObject {
        var template: JSONObject = ["href": .string("credential-template/infrastructure-service-" + subtype)]
        switch subtype {
        case "registry":
            template["username"] = .string(username ?? "")
            template["password"] = .string(try await password().exposed)
        default:
            for (name, file) in [("ca", ca), ("cert", cert), ("key", key)] {
                guard let path = certPath.map({ "\($0)/\(name).pem" }) ?? file else { continue }
                template[name] = .string(try PEMFile.read(path, isKey: name == "key"))
            }
        }
        return template
    }

    private func password() async throws -> Redacted<String> {
        let console = Console.standard
        if passwordStdin { return try await Prompt.secretFromInput("password") }
        if let value = console.environment["ROADSTEAD_REGISTRY_PASSWORD"], !value.isEmpty { return Redacted(value) }
        guard console.isInputTerminal else {
            throw RoadsteadError(
                .invalidInput,
                "no password is given: pipe it in with --password-stdin, or set ROADSTEAD_REGISTRY_PASSWORD")
        }
        return try await Prompt.secret("Password of \(username ?? "")")
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
