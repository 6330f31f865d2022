import Foundation
import NIOCore
import RoadsteadBasics

/// How to log in at an image registry; goes to the engine in the header `X-Registry-Auth`.
public struct RegistryAuth: Sendable, Hashable {
    public var username: String?
    public var password: Redacted<String>?
    /// Host and port of the registry, for example `registry.example.com:5000`.
    public var serverAddress: String?
    /// Instead of user and password.
    public var identityToken: Redacted<String>?

    public init(
        username: String? = nil, password: Redacted<String>? = nil, serverAddress: String? = nil,
        identityToken: Redacted<String>? = nil
    ) {
        self.username = username
        self.password = password
        self.serverAddress = serverAddress
        self.identityToken = identityToken
    }

    private struct Wire: Encodable {
        var username: String?
        var password: String?
        var serveraddress: String?
        var identitytoken: String?
    }

    /// JSON in base64 for URLs, padded, as the engine reads it.
    func headerValue() throws -> String {
        let wire = Wire(
            username: username, password: password?.exposed, serveraddress: serverAddress,
            identitytoken: identityToken?.exposed)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let base64 = try encoder.encode(wire).base64EncodedString()
        return String(base64.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}
