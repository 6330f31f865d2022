import RoadsteadBasics
import Synchronization

/// Names for requests, to find them in the log again: a random part of this process and a number.
package final class RequestIDs: Sendable {
    private let prefix: String
    private let count = Atomic<UInt64>(0)

    package init(_ ids: any IDSource) { prefix = String(ids.makeUUID().prefix(8)) }

    /// The caller's own, when it has a sensible one.
    package func next(_ given: String?) -> String {
        if let given, (8...64).contains(given.utf8.count), given.utf8.allSatisfy(Self.isSafe) { return given }
        return prefix + "-" + String(count.add(1, ordering: .relaxed).newValue)
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}
