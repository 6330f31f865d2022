import RoadsteadBasics
import RoadsteadModel
import SwiftASN1
import X509

extension DoctorHost.Certificate {
    /// nil for what is no certificate. `authority`: PEM.
    init?(pem: String, authority: String?) {
        guard let certificate = try? X509.Certificate(pemEncoded: pem) else { return nil }
        let signer = authority.flatMap { try? X509.Certificate(pemEncoded: $0) }
        self.init(
            expiry: CertificateTime.instant(certificate.notValidAfter), subjects: Self.subjects(of: certificate),
            isTrusted: signer?.publicKey.isValidSignature(certificate.signature, for: certificate) ?? false)
    }

    private static func subjects(of certificate: X509.Certificate) -> Set<String> {
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames([])
        return Set(
            names.compactMap { name in
                switch name {
                case .dnsName(let text): text
                case .ipAddress(let bytes): address(Array(bytes.bytes))
                default: nil
                }
            })
    }

    private static func address(_ bytes: [UInt8]) -> String {
        if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
        let words = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        return words.joined(separator: ":")
    }
}

extension DoctorSwarm {
    /// The end of the Swarm's own authority; nil for what is no certificate.
    static func expiry(ofAuthority pem: String?) -> Instant? {
        pem.flatMap { try? X509.Certificate(pemEncoded: $0) }.map { CertificateTime.instant($0.notValidAfter) }
    }
}
