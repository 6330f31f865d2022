import Crypto
import Foundation
import RoadsteadBasics
import SwiftASN1
import X509

/// The certificate authority of one cluster: its engines take only clients whose certificate it signed, and its clients
/// only engines. Nobody else trusts it.
public struct ClusterAuthority: Sendable {
    /// PEM.
    public let certificate: String
    /// PEM, sealed where it is kept.
    let key: Redacted<String>
    let parsed: Certificate
    let signer: Certificate.PrivateKey

    private static let lifetime = Duration.seconds(3650 * 86400)

    /// A new authority with a P-256 key, good for ten years.
    static func make(cluster: String, now: Instant) throws(RoadsteadError) -> ClusterAuthority {
        let key = P256.Signing.PrivateKey()
        let signer = Certificate.PrivateKey(key)
        do {
            let name = try DistinguishedName { CommonName("Roadstead cluster " + cluster) }
            let certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: signer.publicKey,
                notValidBefore: CertificateTime.beginning(now), notValidAfter: CertificateTime.date(now + lifetime),
                issuer: name, subject: name, extensions: try extensions(of: signer.publicKey),
                issuerPrivateKey: signer)
            return ClusterAuthority(
                certificate: try certificate.pemText(), key: Redacted(key.pemRepresentation + "\n"),
                parsed: certificate, signer: signer)
        } catch {
            throw RoadsteadError(
                .internal, "the certificate authority of cluster '\(cluster)' could not be made", cause: error)
        }
    }

    private static func extensions(of key: Certificate.PublicKey) throws -> Certificate.Extensions {
        try Certificate.Extensions {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            SubjectKeyIdentifier(hash: key)
        }
    }

    private init(certificate: String, key: Redacted<String>, parsed: Certificate, signer: Certificate.PrivateKey) {
        (self.certificate, self.key, self.parsed, self.signer) = (certificate, key, parsed, signer)
    }

    /// An authority that is there: from PEM texts of any kind of key, as docker-machine wrote them too.
    ///
    /// Throws `invalidInput` when they are no certificate and key of an authority that belong together.
    init(certificate: String, key: Redacted<String>) throws(RoadsteadError) {
        guard let parsed = try? Certificate(pemEncoded: certificate) else {
            throw RoadsteadError(.invalidInput, "the authority is not a certificate in PEM")
        }
        guard let signer = try? Certificate.PrivateKey(pemEncoded: key.exposed) else {
            throw RoadsteadError(.invalidInput, "the authority's key is not a private key in PEM without a passphrase")
        }
        guard signer.publicKey == parsed.publicKey else {
            throw RoadsteadError(.invalidInput, "the authority's key does not belong to its certificate")
        }
        guard case .isCertificateAuthority? = try? parsed.extensions.basicConstraints else {
            throw RoadsteadError(.invalidInput, "the authority's certificate may not sign others: it is no authority's")
        }
        self.init(certificate: certificate, key: key, parsed: parsed, signer: signer)
    }
}

extension Certificate {
    /// With the line end that tools which put certificates one behind the other count on.
    func pemText() throws -> String { try serializeAsPEM().pemString + "\n" }
}
