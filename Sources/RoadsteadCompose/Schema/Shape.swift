/// What a place in a Compose file may hold.
///
/// The specification's alternatives can all be told apart by the kind of node (a text, a list, a mapping), so a shape
/// has at most one facet a kind.
struct Shape: Sendable {
    struct Scalars: OptionSet, Hashable, Sendable {
        let rawValue: Int
        static let string = Scalars(rawValue: 1)
        static let integer = Scalars(rawValue: 2)
        static let number = Scalars(rawValue: 4)
        static let boolean = Scalars(rawValue: 8)
        static let null = Scalars(rawValue: 16)
    }

    var scalars: Scalars = []
    var format: ScalarFormat?
    var list: ListShape?
    var mapping: MappingShape?
    /// Anything goes, unseen (extension fields).
    var isAnything = false

    static let anything = Shape(isAnything: true)
    static let string = Shape(scalars: .string)
    static let integer = Shape(scalars: .integer)
    static let number = Shape(scalars: .number)
    static let boolean = Shape(scalars: .boolean)
    static let duration = Shape(scalars: .string, format: .duration)

    static func choice(_ values: String...) -> Shape { choice(values) }

    static func choice(_ values: [String]) -> Shape { Shape(scalars: .string, format: .oneOf(values)) }

    static func list(of element: Shape, isUnique: Bool = false) -> Shape {
        Shape(list: ListShape(element: element, isUnique: isUnique))
    }

    static func mapping(_ keys: [String: Shape], others: MappingShape.Others = .extensions) -> Shape {
        Shape(mapping: MappingShape(keys: keys, others: others))
    }

    static func mapping(ofAny value: Shape) -> Shape {
        Shape(mapping: MappingShape(keys: [:], others: .any(value)))
    }

    func or(_ other: Shape) -> Shape {
        var both = self
        both.scalars.formUnion(other.scalars)
        both.format = both.format ?? other.format
        both.list = both.list ?? other.list
        both.mapping = both.mapping ?? other.mapping
        return both
    }

    var orNull: Shape {
        var shape = self
        shape.scalars.insert(.null)
        return shape
    }
}

/// A list of things of one shape. A box, since shapes contain each other.
final class ListShape: Sendable {
    let element: Shape
    /// No two elements may be equal.
    let isUnique: Bool

    init(element: Shape, isUnique: Bool) {
        self.element = element
        self.isUnique = isUnique
    }
}

/// A mapping with known keys, or with keys of the file's own choice.
final class MappingShape: Sendable {
    enum Others: Sendable {
        /// Only known keys, or `x-` fields.
        case extensions
        /// Any key, with values of this shape.
        case any(Shape)
        /// Any key that is a name on the Swarm, with values of this shape.
        case named(Shape)
    }

    let keys: [String: Shape]
    let others: Others
    let required: [String]

    init(keys: [String: Shape], others: Others, required: [String] = []) {
        self.keys = keys
        self.others = others
        self.required = required
    }
}

/// What a scalar must look like beyond its type.
enum ScalarFormat: Sendable {
    case duration
    case port
    case publishedPort
    case size
    case oneOf([String])

    /// What is wrong with the text, or nil.
    func problem(with text: String) -> String? {
        switch self {
        case .duration:
            guard let nanoseconds = GoDuration.nanoseconds(text) else {
                return "'\(text)' does not match format 'duration'"
            }
            return nanoseconds < 0 ? "the duration \(text) is negative" : nil
        case .port:
            do {
                _ = try PortSpec.parse(text)
                return nil
            } catch {
                return "invalid port '\(text)': \(error.message)"
            }
        case .publishedPort:
            if Int64(text) != nil { return nil }
            return "'\(text)' is no port: a Swarm publishes one port, or chooses one itself"
        case .size: return ByteSize.bytes(text) == nil && Int64(text) == nil ? "invalid size: '\(text)'" : nil
        case .oneOf(let values):
            if values.contains(text) { return nil }
            return "must be one of the following: " + values.map { "\"\($0)\"" }.joined(separator: ", ")
        }
    }

    var hint: String? {
        switch self {
        case .duration: "write a duration like 30s, 1m30s or 500ms"
        case .port: "write ports as \"8080:80\", \"80\" or \"53:53/udp\""
        case .publishedPort: "write one number"
        case .size: "write it like 64M or 1.5GiB"
        case .oneOf: nil
        }
    }
}
