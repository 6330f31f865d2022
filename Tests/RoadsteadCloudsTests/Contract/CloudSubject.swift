import Foundation
import RoadsteadClouds

/// The cloud that a claim is tried on.
struct CloudSubject: Sendable {
    let driver: any CloudDriver
    /// The same cloud with a key that it does not know.
    let stranger: any CloudDriver
    /// A size, an image and a zone that the cloud has.
    let machine: MachineRequest
    let patience: CloudPatience
    /// Makes the next call of a kind go wrong; nil where the implementation has no way to.
    var inject: (@Sendable (CloudFaults.Fault, CloudFaults.Call) async throws -> Void)?
    /// Two clusters of this claim's own.
    let cluster = UUID().uuidString.lowercased()
    let neighbour = UUID().uuidString.lowercased()

    func tag(_ token: String, of cluster: String? = nil) -> CloudTag {
        CloudTag(cluster: cluster ?? self.cluster, token: token, name: "contract-" + token)
    }

    func need(_ fault: CloudFaults.Fault, _ call: CloudFaults.Call) async throws {
        guard let inject else { throw CloudDriverContract.Violation(description: "this claim needs faults") }
        try await inject(fault, call)
    }
}

/// A kind of cloud that the contract is tried on; each claim opens one of its own.
struct CloudUnderTest: Sendable, CustomStringConvertible {
    let name: String
    let features: Set<CloudFeature>
    let hasFaults: Bool
    let open: @Sendable (_ body: @Sendable (CloudSubject) async throws -> Void) async throws -> Void

    var description: String { name }
}
