import Foundation
import RoadsteadBasics
import RoadsteadStore
import SwiftASN1
import X509

/// Whether an engine's certificate is still as it should be. Pure.
enum EngineCertificate {
    /// Before their end certificates are made anew, and told of.
    static let margin = Duration.seconds(30 * 86_400)

    /// Why it should be made anew; nil when it should not, or there is none yet.
    static func fault(_ machine: MachineDocument, of authority: String, _ now: Instant) -> String? {
        guard let certificate = machine.stored["engine-certificate"]?.stringValue else { return nil }
        if machine.stored["next-certificate"] != nil { return "a new one is there and not installed" }
        let addresses = [machine.address, machine.inwardAddress].compactMap(\.self)
        return fault(certificate, of: authority, addresses: addresses, now)
    }

    static func fault(_ certificate: String, of authority: String, addresses: [String], _ now: Instant) -> String? {
        guard let parsed = try? Certificate(pemEncoded: certificate) else { return "it cannot be read" }
        let end = CertificateTime.instant(parsed.notValidAfter)
        if now + margin >= end { return "ends \(CertificateTime.day(end))" }
        guard let signer = try? Certificate(pemEncoded: authority),
            signer.publicKey.isValidSignature(parsed.signature, for: parsed)
        else { return "is of another authority" }
        return addresses.first { !isFor($0, parsed) }.map { "is not for \($0)" }
    }

    private static func isFor(_ address: String, _ certificate: Certificate) -> Bool {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return false }
        guard let range = try? CIDR(address) else { return names.contains(.dnsName(address)) }
        return names.contains(.ipAddress(ASN1OctetString(contentBytes: range.bytes[...])))
    }
}

extension CertificateTime {
    /// `2026-12-24`.
    static func day(_ instant: Instant) -> String { String(instant.description.prefix(10)) }
}
