import NIOSSL
import RoadsteadBasics

/// What mutual TLS with an engine takes, as PEM texts.
///
/// The server's identity is verified always: there is no way to switch that off.
public struct EngineTLS: Sendable, Hashable {
    /// The CA (one or more certificates) that must have signed the server's certificate; nil means the system's roots.
    public var ca: String?
    /// The client's certificate, followed by intermediates if there are any.
    public var certificate: String?
    /// The client's key: PKCS#1, PKCS#8 or SEC 1, without a passphrase.
    public var key: Redacted<String>?

    public init(ca: String? = nil, certificate: String? = nil, key: Redacted<String>? = nil) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
    }
}

/// The same, parsed and found to fit together.
struct TLSIdentity: Sendable {
    let authorities: [NIOSSLCertificate]?
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey?

    /// Throws `invalidInput` with the part that cannot be used; never with its contents.
    init(_ tls: EngineTLS, endpoint: String) throws(EngineError) {
        func refuse(_ message: String) -> EngineError { EngineError(.invalidInput, message, endpoint: endpoint) }
        authorities = try tls.ca.map { text throws(EngineError) in
            guard let list = Self.certificates(text) else {
                throw refuse("the CA is not a certificate in PEM (-----BEGIN CERTIFICATE-----)")
            }
            return list
        }
        switch (tls.certificate, tls.key) {
        case (let certificate?, let keyText?):
            guard let list = Self.certificates(certificate) else {
                throw refuse("the client certificate is not a certificate in PEM (-----BEGIN CERTIFICATE-----)")
            }
            chain = list
            key = try Self.privateKey(keyText.exposed, refuse: refuse)
        case (nil, nil): (chain, key) = ([], nil)
        case (_?, nil): throw refuse("there is a client certificate but no key for it")
        case (nil, _?): throw refuse("there is a client key but no certificate for it")
        }
        try checkThatKeyFits(refuse: refuse)
    }

    private static func certificates(_ text: String) -> [NIOSSLCertificate]? {
        guard let list = try? NIOSSLCertificate.fromPEMBytes(Array(text.utf8)), !list.isEmpty else { return nil }
        return list
    }

    private static func privateKey(
        _ text: String, refuse: (String) -> EngineError
    ) throws(EngineError) -> NIOSSLPrivateKey {
        if text.contains("ENCRYPTED") {
            throw refuse(
                "the client key has a passphrase: give it without one (openssl pkey -in key.pem -out plain.pem)")
        }
        do { return try NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem) } catch {
            throw refuse("the client key is not a private key in PEM (RSA, EC or PKCS#8)")
        }
    }

    /// BoringSSL compares them when a context is made; one without trust roots costs microseconds.
    private func checkThatKeyFits(refuse: (String) -> EngineError) throws(EngineError) {
        guard key != nil else { return }
        var trial = configuration
        trial.trustRoots = .certificates([])
        do { _ = try NIOSSLContext(configuration: trial) } catch {
            throw refuse("the client key does not belong to the client certificate")
        }
    }

    /// TLS 1.2 or newer, HTTP/1.1, host name or IP address verified.
    var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.trustRoots = authorities.map { .certificates($0) } ?? .default
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = key.map { .privateKey($0) }
        return configuration
    }
}
