/// How long to wait before the next attempt: exponential with full jitter.
///
/// A random share of min(cap, base · 2^failures), after "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015):
/// many clients that failed together do not come back together.
public struct Backoff: Sendable, Hashable {
    public var base: Duration
    public var cap: Duration

    public init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = cap
    }

    /// The longest wait after `failures` failures (1 after the first one).
    public func ceiling(failures: Int) -> Duration {
        var ceiling = base
        // 62 doublings of a millisecond are longer than any cap; the loop must end for any input.
        for _ in 0..<min(max(failures - 1, 0), 62) where ceiling < cap { ceiling = ceiling * 2 }
        return min(ceiling, cap)
    }

    /// The wait after `failures` failures; `random` in 0..<1 chooses the share.
    public func delay(failures: Int, random: Double) -> Duration {
        let share = Double(ceiling(failures: failures).wholeMilliseconds) * min(max(random, 0), 1)
        return .milliseconds(Int64(share))
    }
}

extension IDSource {
    /// A random number in 0..<1.
    public func makeUnitRandom() -> Double {
        let bits = makeRandomBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(bits >> 11) * 0x1p-53
    }
}
