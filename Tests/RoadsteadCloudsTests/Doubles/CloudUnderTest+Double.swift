import Foundation
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit

extension CloudUnderTest {
    /// A cloud that a double plays. `calls`: the cloud's own names of those that make and remove a machine.
    init(
        name: String, features: Set<CloudFeature>, machine: MachineRequest, double: Task<CloudDouble, any Error>,
        calls: (make: String, remove: String),
        driver: @escaping @Sendable (_ double: CloudDouble, _ key: String, _ secret: String) throws -> any CloudDriver
    ) {
        self.init(name: name, features: features, hasFaults: true) { body in
            let double = try await double.value
            // Of one claim only: faults are kept by key.
            let key = "KEY" + UUID().uuidString.replacingOccurrences(of: "-", with: "")
            let (own, stranger) = (try driver(double, key, "right"), try driver(double, key, "wrong"))
            let subject = CloudSubject(
                driver: own, stranger: stranger, machine: machine, patience: Self.patience,
                inject: { fault, call in
                    var seconds: Int64 = 0
                    if case .slow(let time) = fault { seconds = time.components.seconds }
                    let action = call == .remove ? calls.remove : calls.make
                    try await double.inject(Self.word(fault), action, key: key, seconds: seconds)
                })
            do { try await body(subject) } catch {
                await own.shutdown()
                await stranger.shutdown()
                throw error
            }
            await own.shutdown()
            await stranger.shutdown()
        }
    }

    static let patience = CloudPatience(
        poll: .milliseconds(20), backoff: Backoff(base: .milliseconds(20), cap: .milliseconds(100)))

    private static func word(_ fault: CloudFaults.Fault) -> String {
        switch fault {
        case .slow: "slow"
        case .rateLimited: "limited"
        case .failsBefore: "fails"
        case .cutAfter: "cut"
        case .duplicated: "twice"
        case .quotaExceeded: "quota"
        case .capacityMissing: "capacity"
        case .bootFails: "boot"
        }
    }
}
