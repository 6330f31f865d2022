import Crypto
import RoadsteadBasics
import SwiftASN1
import X509

extension ClusterAuthority {
    private static let serverLifetime = Duration.seconds(730 * 86400)

    /// A certificate for an engine, good for two years. It serves as a client's too, since engines call each other's.
    ///
    /// `addresses` are IPv4 and IPv6 addresses, `names` host names. Throws `invalidInput` for others, and without any;
    /// `invalidState` when the authority's own time is over.
    func server(names: [String], addresses: [String], now: Instant) throws(RoadsteadError) -> IssuedCertificate {
        let alternatives = try SubjectNames.make(names: names, addresses: addresses)
        return try issue(
            Self.commonName(names.first ?? addresses.first ?? ""), for: [.serverAuth, .clientAuth],
            names: alternatives, lifetime: Self.serverLifetime, now: now)
    }

    /// A certificate for a client of the engines. `commonName` tells in their logs who it is: 1 to 64 bytes.
    ///
    /// Throws `invalidInput` for another name; `invalidState` when the authority's own time is over.
    func client(_ commonName: String, lifetime: Duration, now: Instant) throws(RoadsteadError) -> IssuedCertificate {
        guard (1...64).contains(commonName.utf8.count) else {
            throw RoadsteadError(.invalidInput, "'\(commonName)' cannot be a certificate's name: give 1 to 64 bytes")
        }
        return try issue(commonName, for: [.clientAuth], names: [], lifetime: lifetime, now: now)
    }

    /// RFC 5280 allows 64 characters; host names have up to 253. Who verifies looks at the alternative names only.
    private static func commonName(_ text: String) -> String { String(text.prefix(64)) }

    private func issue(
        _ commonName: String, for usages: [ExtendedKeyUsage.Usage], names: [GeneralName], lifetime: Duration,
        now: Instant
    ) throws(RoadsteadError) -> IssuedCertificate {
        let end = try end(of: lifetime, now: now)
        let key = P256.Signing.PrivateKey()
        do {
            let publicKey = Certificate.PublicKey(key.publicKey)
            let certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
                notValidBefore: CertificateTime.beginning(now), notValidAfter: CertificateTime.date(end),
                issuer: parsed.subject, subject: try DistinguishedName { CommonName(commonName) },
                extensions: try extensions(publicKey, usages, names), issuerPrivateKey: signer)
            return IssuedCertificate(
                certificate: try certificate.pemText(), key: Redacted(key.pemRepresentation + "\n"),
                expiry: CertificateTime.instant(certificate.notValidAfter))
        } catch {
            throw RoadsteadError(.internal, "a certificate for '\(commonName)' could not be signed", cause: error)
        }
    }

    /// What outlives its authority is refused by everybody from the authority's end on.
    private func end(of lifetime: Duration, now: Instant) throws(RoadsteadError) -> Instant {
        let last = CertificateTime.instant(parsed.notValidAfter)
        guard now < last else {
            throw RoadsteadError(
                .invalidState, "the cluster's certificate authority has expired at \(last); give it a new one")
        }
        return min(now + lifetime, last)
    }

    private func extensions(
        _ key: Certificate.PublicKey, _ usages: [ExtendedKeyUsage.Usage], _ names: [GeneralName]
    ) throws -> Certificate.Extensions {
        let identifier = try parsed.extensions.subjectKeyIdentifier?.keyIdentifier
        return try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage(usages)
            SubjectKeyIdentifier(hash: key)
            if let identifier { AuthorityKeyIdentifier(keyIdentifier: identifier) }
            if !names.isEmpty { SubjectAlternativeNames(names) }
        }
    }
}
