import Foundation
import RoadsteadBasics

/// One thing in a simulated cloud. What it is at a moment follows from its times: nothing runs in between.
struct SimulatedThing: Sendable {
    let number: Int
    let tag: CloudTag
    let request: CloudRequest
    /// When a machine is up after its last order.
    var readyAt: Instant
    var isStopped = false
    /// Set once it was removed: when it is gone.
    var goneAt: Instant?
    /// Why it never comes up.
    var failure: String?
    var rules: [FirewallRule]

    var reference: CloudReference { CloudReference(request.kind, "\(request.kind.rawValue)-\(number)") }

    var machine: MachineRequest? { if case .machine(let machine) = request { machine } else { nil } }

    func state(at now: Instant) -> CloudResource.State {
        if goneAt != nil { return .removing }
        if isStopped { return .stopped }
        guard now >= readyAt else { return .pending }
        return failure.map(CloudResource.State.failed) ?? .ready
    }

    /// Whether it needs the other thing to be there.
    func uses(_ other: CloudReference) -> Bool {
        switch request {
        case .machine(let machine):
            switch other.kind {
            case .firewall: machine.firewalls.contains(other.id)
            case .network: machine.network == other.id
            case .placement: machine.placement == other.id
            case .key, .machine: false
            }
        case .firewall(let firewall): other.kind == .network && firewall.network == other.id
        case .network, .key, .placement: false
        }
    }

    func resource(at now: Instant, features: Set<CloudFeature>) -> CloudResource {
        let state = state(at: now)
        guard let machine else {
            return CloudResource(reference, name: tag.name, tag: tag, state: state, rules: Set(rules))
        }
        let hasNetwork = machine.network != nil
        return CloudResource(
            reference, name: tag.name, tag: tag, state: state, address: state == .ready ? "198.18.\(host)" : nil,
            privateAddress: state == .ready && hasNetwork ? "10.0.\(host)" : nil, zone: machine.zone,
            hostKeys: state == .ready && features.contains(.hostKeys) ? [hostKey] : [])
    }

    /// The last two bytes of its addresses. 198.18.0.0/15 is set aside for measurements (RFC 2544), so that nobody real is meant.
    private var host: String { "\(number >> 8 & 255).\(number & 255)" }

    /// In the form of OpenSSH's public keys (RFC 8709): the key itself is the thing's number.
    private var hostKey: String {
        let name = Array("ssh-ed25519".utf8)
        let key = Array(repeating: UInt8(0), count: 24) + (0..<8).reversed().map { UInt8(number >> ($0 * 8) & 255) }
        let blob = [0, 0, 0, UInt8(name.count)] + name + [0, 0, 0, 32] + key
        return "ssh-ed25519 " + Data(blob).base64EncodedString()
    }
}
