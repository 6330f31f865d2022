/// How many bytes one reading may bring together: variables and files may be named any number of times, and each time
/// costs. A class, because all stages of one synchronous reading spend from the same budget.
final class ComposeBudget {
    struct Exhausted: Error, Hashable, Sendable, CustomStringConvertible {
        var limit: Int

        var description: String { "all variables and files together make more than \(limit >> 20) MiB" }
    }

    private var spent = 0
    private let limit: Int

    init(limit: Int = 64 << 20) { self.limit = limit }

    var remaining: Int { limit - spent }

    func spend(_ bytes: Int) throws(Exhausted) {
        guard bytes <= remaining else { throw Exhausted(limit: limit) }
        spent += bytes
    }
}
