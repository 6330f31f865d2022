import NIOSSL
import RoadsteadBasics

/// Turns a bare TLS failure into one that a person can act on.
///
/// It may look at the peer once more (`TLSProbe`): the library's error does not say why a certificate was refused, and
/// with TLS 1.3 a server refuses ours only after the handshake, where its alert can be lost behind a reset.
struct TLSDiagnosis: Sendable {
    let endpoint: EngineEndpoint
    let identity: TLSIdentity?
    var now: Instant = SystemClock().now

    func explain(_ fault: TransportFault) async -> (EngineError.Kind, String) {
        switch fault {
        case .settled(let kind, let message): (kind, message)
        case .untrusted: await explainUntrusted()
        case .alert(let name): explain(alert: name)
        case .closed(let message): await explainClosed(message)
        case .notHTTP: await explainNotHTTP()
        }
    }

    private func explainUntrusted() async -> (EngineError.Kind, String) {
        let certificates = await TLSProbe(endpoint: endpoint, identity: identity).peerCertificates()
        if let leaf = certificates.first, let problem = Self.validity(of: leaf, at: now) {
            return (.certificateExpired, "the server's certificate \(problem)")
        }
        let against = identity?.authorities == nil ? "the system's roots" : "the given CA"
        return (.tlsNotTrusted, "the server's certificate is not signed by \(against)")
    }

    private func explain(alert name: String) -> (EngineError.Kind, String) {
        if name.contains("PROTOCOL_VERSION") {
            return (.protocolViolation, "the server speaks no TLS version from 1.2 up")
        }
        guard let leaf = identity?.chain.first else {
            return (.clientCertificateMissing, "the server wants a client certificate and none was given")
        }
        if let problem = Self.validity(of: leaf, at: now) {
            return (.certificateExpired, "the server refused the client certificate, which \(problem)")
        }
        return (.clientCertificateRefused, "the server refused the client certificate (\(Self.words(for: name)))")
    }

    private func explainClosed(_ message: String) async -> (EngineError.Kind, String) {
        let probe = TLSProbe(endpoint: endpoint, identity: identity)
        if identity == nil {
            return await probe.speaksTLS() ? Self.tlsRequired : (.unreachable, message)
        }
        switch await probe.refusal() {
        case .alert(let name)?: return explain(alert: name)
        case .settled(let kind, let words)?: return (kind, words)
        default: return (.unreachable, message)
        }
    }

    private func explainNotHTTP() async -> (EngineError.Kind, String) {
        if identity == nil, await TLSProbe(endpoint: endpoint, identity: nil).speaksTLS() { return Self.tlsRequired }
        return (.protocolViolation, "the peer's answer is not HTTP: is this a Docker engine?")
    }

    static let tlsRequired: (EngineError.Kind, String) = (
        .tlsRequired, "the engine wants TLS on this port, and plain HTTP was spoken"
    )

    /// nil when the certificate is valid at that moment.
    static func validity(of certificate: NIOSSLCertificate, at now: Instant) -> String? {
        let from = Instant(millisecondsSinceEpoch: Int64(certificate.notValidBefore) * 1000)
        let to = Instant(millisecondsSinceEpoch: Int64(certificate.notValidAfter) * 1000)
        if now > to { return "expired at \(to)" }
        return now < from ? "is valid only from \(from) on: compare the machines' clocks" : nil
    }

    /// `SSLV3_ALERT_BAD_CERTIFICATE` → `bad certificate`.
    private static func words(for alert: String) -> String {
        let name = alert.firstRange(of: "_ALERT_").map { alert[$0.upperBound...] } ?? alert[...]
        return name.lowercased().split(separator: "_").joined(separator: " ")
    }
}
