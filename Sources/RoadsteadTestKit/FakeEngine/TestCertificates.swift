import DockerClient
import Foundation
import NIOPosix
import NIOSSL
import RoadsteadBasics

/// Authorities and certificates made by openssl at test time, in a temporary folder; nothing of it is ever committed.
public struct TestCertificates: Sendable {
    public let folder: URL

    /// A certificate with its key, in PEM.
    public struct Pair: Sendable {
        public let certificate: String
        public let key: Redacted<String>

        public init(certificate: String, key: Redacted<String>) { (self.certificate, self.key) = (certificate, key) }
    }

    public struct Failed: Error, CustomStringConvertible {
        public let description: String
    }

    /// Makes a folder with an authority in it; `remove()` takes it away.
    public init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "certificates-" + UUID().uuidString.prefix(8))
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try await makeAuthority("ca")
    }

    public func remove() { try? FileManager.default.removeItem(at: folder) }

    /// Another authority beside `ca`.
    public func makeAuthority(_ name: String) async throws {
        try await openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", "\(name).key")
        try await openssl(
            "req", "-x509", "-new", "-key", "\(name).key", "-subj", "/CN=\(name)", "-days", "2", "-out", "\(name).pem")
    }

    public func authority(_ name: String = "ca") throws -> String { try text("\(name).pem") }

    /// How a key is written.
    public enum KeyForm: Sendable, CaseIterable { case pkcs8, pkcs1, sec1 }

    /// `days` may be negative: then it ended in the past.
    public func issue(
        _ name: String, by authority: String = "ca", names: String = "IP:127.0.0.1",
        usage: String = "serverAuth,clientAuth",
        days: Int = 2, key form: KeyForm = .pkcs8
    ) async throws -> Pair {
        switch form {
        case .pkcs8:
            try await openssl(
                "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-out", "\(name).key")
        case .pkcs1: try await openssl("genrsa", "-traditional", "-out", "\(name).key", "2048")
        case .sec1: try await openssl("ecparam", "-genkey", "-name", "prime256v1", "-out", "\(name).key")
        }
        try "subjectAltName=\(names)\nextendedKeyUsage=\(usage)\n".write(
            to: folder.appending(path: "\(name).ext"), atomically: true, encoding: .utf8)
        try await openssl("req", "-new", "-key", "\(name).key", "-subj", "/CN=\(name)", "-out", "\(name).csr")
        try await openssl(
            "x509", "-req", "-in", "\(name).csr", "-CA", "\(authority).pem", "-CAkey", "\(authority).key",
            "-CAcreateserial",
            "-days", String(days), "-extfile", "\(name).ext", "-out", "\(name).pem")
        return Pair(certificate: try text("\(name).pem"), key: Redacted(try text("\(name).key")))
    }

    private func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    /// What openssl wrote, in the folder. On NIO's blocking threads: tests share the cooperative pool, which has as many threads as cores.
    @discardableResult
    public func openssl(_ arguments: [String]) async throws -> String {
        try await NIOThreadPool.singleton.runIfActive { [folder] in try Self.run(arguments, in: folder) }
    }

    private func openssl(_ arguments: String...) async throws { try await openssl(arguments) }

    private static func run(_ arguments: [String], in folder: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        let words = Pipe()
        process.standardError = words
        process.standardOutput = words
        try process.run()
        let output = words.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(
                description: "openssl \(arguments.joined(separator: " ")): \(String(decoding: output, as: UTF8.self))")
        }
        return String(decoding: output, as: UTF8.self)
    }
}

extension TestCertificates {
    /// A server that shows `pair` and wants a client certificate of `authority`; of nobody when that is nil.
    public static func server(_ pair: Pair, clientsOf authority: String?) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(pair.certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.key.exposed.utf8), format: .pem)))
        if let authority {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
        }
        return configuration
    }
}
