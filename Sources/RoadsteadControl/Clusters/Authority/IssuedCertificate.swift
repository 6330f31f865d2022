import RoadsteadBasics
import SwiftASN1
import X509

/// A certificate with its key, as PEM texts.
public struct IssuedCertificate: Sendable, Hashable {
    public let certificate: String
    public let key: Redacted<String>
    /// From then on nobody takes it.
    public let expiry: Instant

    /// One that is kept somewhere; the end is read from it. Throws `invalidInput` for what is no certificate in PEM.
    public init(certificate: String, key: Redacted<String>) throws(RoadsteadError) {
        guard let parsed = try? Certificate(pemEncoded: certificate) else {
            throw RoadsteadError(.invalidInput, "the certificate is not one in PEM (-----BEGIN CERTIFICATE-----)")
        }
        self.init(certificate: certificate, key: key, expiry: CertificateTime.instant(parsed.notValidAfter))
    }

    init(certificate: String, key: Redacted<String>, expiry: Instant) {
        (self.certificate, self.key, self.expiry) = (certificate, key, expiry)
    }
}
