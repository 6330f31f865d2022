import Foundation
import RoadsteadBasics

/// Docker's client configuration (`config.json`), as far as it says who logs in at which registry.
struct DockerConfigFile: Sendable {
    /// What lets in at one registry.
    struct Login: Sendable, Equatable {
        var username: String
        var password: Redacted<String>
        /// Instead of user name and password, at registries that give tokens.
        var identityToken: Redacted<String>?
    }

    /// Where the login of a registry comes from.
    enum Source: Sendable, Equatable {
        case stored(Login)
        /// The program `docker-credential-<helper>`.
        case helper(String)
        case none
    }

    private var logins: [String: Login] = [:]
    private var defaultHelper: String?
    private var helpers: [String: String] = [:]

    /// `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`.
    static func path(_ environment: [String: String]) -> String {
        if let folder = environment["DOCKER_CONFIG"], !folder.isEmpty { return folder + "/config.json" }
        return (environment["HOME"] ?? NSHomeDirectory()) + "/.docker/config.json"
    }

    /// An absent file knows no logins. Throws invalidInput when it is not JSON.
    static func load(_ path: String) throws(RoadsteadError) -> DockerConfigFile {
        guard FileManager.default.fileExists(atPath: path) else { return DockerConfigFile() }
        guard let object = (try? JSONValue.parse(try TextFile.readBytes(path)))?.objectValue else {
            throw RoadsteadError(
                .invalidInput, "\(path) is not JSON: correct it, or set DOCKER_CONFIG to another folder")
        }
        return DockerConfigFile(object)
    }

    init(_ object: JSONObject = JSONObject()) {
        defaultHelper = object["credsStore"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        for (registry, helper) in object["credHelpers"]?.objectValue?.members ?? [] {
            helpers[Self.host(registry)] = helper.stringValue
        }
        for (registry, entry) in object["auths"]?.objectValue?.members ?? [] {
            if let entry = entry.objectValue, let login = Self.login(entry) { logins[Self.host(registry)] = login }
        }
    }

    /// Helper of that registry first, then the helper of all, then the file itself: docker's order.
    func source(of registry: String) -> Source {
        let host = Self.host(registry)
        if let helper = helpers[host] ?? defaultHelper { return .helper(helper) }
        return logins[host].map(Source.stored) ?? .none
    }

    /// The key under which docker keeps Docker Hub's login.
    static let hub = "https://index.docker.io/v1/"

    /// A registry's name for a helper: Docker Hub by its old address, every other by its host.
    static func helperKey(_ registry: String) -> String { host(registry) == "docker.io" ? hub : host(registry) }

    /// Host and port of a key in the file, which may be a URL; all of Docker Hub's names are one.
    static func host(_ key: String) -> String {
        var text = Substring(key)
        if let scheme = text.range(of: "://") { text = text[scheme.upperBound...] }
        let host = text.prefix { $0 != "/" }
        return ["index.docker.io", "registry-1.docker.io"].contains(host) ? "docker.io" : String(host)
    }

    private static func login(_ entry: JSONObject) -> Login? {
        let token = entry["identitytoken"]?.stringValue.flatMap { $0.isEmpty ? nil : Redacted($0) }
        if let user = entry["username"]?.stringValue, let password = entry["password"]?.stringValue, !user.isEmpty {
            return Login(username: user, password: Redacted(password), identityToken: token)
        }
        guard let encoded = entry["auth"]?.stringValue, let data = Data(base64Encoded: encoded),
            let text = String(data: data, encoding: .utf8), let colon = text.firstIndex(of: ":")
        else { return token.map { Login(username: "", password: Redacted(""), identityToken: $0) } }
        let password = text[text.index(after: colon)...].trimmingCharacters(in: ["\0"])
        return Login(username: String(text[..<colon]), password: Redacted(password), identityToken: token)
    }
}
