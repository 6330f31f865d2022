import RoadsteadBasics
import RoadsteadModel

/// A condition on one attribute of `attribute_value`: it holds for all matches, and perhaps for a few others, which the
/// filter itself then sorts out.
struct ListedCondition {
    /// Alternatives, each of tests that must all hold.
    private(set) var tests: [[(relation: String, value: String)]]
    let name: String

    /// Alternatives are statements of their own; a long list of values is no sign of few matches anyway.
    private static let maximumAlternatives = 50

    init?(_ path: FilterPath, _ relation: Filter.Operator, _ literals: [FilterLiteral]) {
        name = path.description
        // Empty values stand for documents that must be looked into.
        tests = [[("=", "")]]
        guard !literals.contains(.null), literals.count < Self.maximumAlternatives else { return nil }
        let isDate = IndexedAttributes.dates.contains(name)
        switch relation {
        case .equal:
            for literal in literals { addEqual(literal, isDate: isDate) }
        case .prefix:
            guard !isDate, case .string(let text)? = literals.first, let end = Self.successor(of: text) else {
                return nil
            }
            tests.append([(">=", text), ("<", end)])
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard isDate, let period = literals.first?.period else { return nil }
            tests.append([Self.range(relation, period)])
        case .notEqual: return nil
        }
    }

    /// Both ranges at once, where each is one of time; nil when they are not that. Documents with several moments are
    /// filed as odd too, so that none is missed whose moments meet a bound each.
    func intersected(with other: ListedCondition) -> ListedCondition? {
        guard name == other.name, IndexedAttributes.dates.contains(name), let mine = range, let more = other.range
        else { return nil }
        var both = self
        both.tests = [[("=", "")], mine + more]
        return both
    }

    /// The tests of a range, which is the one alternative beside the odd ones.
    private var range: [(relation: String, value: String)]? {
        guard tests.count == 2, tests[1].allSatisfy({ $0.relation != "=" }) else { return nil }
        return tests[1]
    }

    private mutating func addEqual(_ literal: FilterLiteral, isDate: Bool) {
        if isDate, let period = literal.period {
            tests.append([(">=", DocumentIndex.key(period.start)), ("<=", DocumentIndex.key(period.end))])
        } else if let text = literal.text, DocumentIndex.key(text, isDate: isDate) != "" {
            tests.append([("=", DocumentIndex.key(text, isDate: isDate))])
        }
    }

    private static func range(_ relation: Filter.Operator, _ period: DatePeriod) -> (relation: String, value: String) {
        switch relation {
        case .less: ("<", DocumentIndex.key(period.start))
        case .lessOrEqual: ("<=", DocumentIndex.key(period.end))
        case .greater: (">", DocumentIndex.key(period.end))
        default: (">=", DocumentIndex.key(period.start))
        }
    }

    /// The least text behind all that begin with this one; nil when there is none, or the text is as long as the values.
    private static func successor(of text: String) -> String? {
        guard text.utf8.count <= IndexedAttributes.maximumLength - 4, let last = text.unicodeScalars.last,
            let next = Unicode.Scalar(last.value == 0xD7FF ? 0xE000 : last.value + 1)
        else { return nil }
        return String(String.UnicodeScalarView(text.unicodeScalars.dropLast())) + String(next)
    }
}
