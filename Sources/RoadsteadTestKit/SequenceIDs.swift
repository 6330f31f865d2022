import RoadsteadBasics
import Synchronization

/// Ids that a test can foretell: 00000000-0000-4000-8000-000000000001, …2, …3; random bytes from a fixed seed.
public final class SequenceIDs: IDSource {
    private let count = Mutex<UInt64>(0)
    private let random: Mutex<SeededRandom>

    public init(seed: UInt64 = 1) { random = Mutex(SeededRandom(seed: seed)) }

    public func makeUUID() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
    }

    public func makeRandomBytes(_ count: Int) -> [UInt8] {
        random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) } }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): reproducible random numbers for fuzzers and property tests.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
