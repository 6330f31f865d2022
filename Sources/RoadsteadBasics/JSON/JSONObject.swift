/// A JSON object that keeps the order in which its members were written.
///
/// Look-up walks the members: resource documents have a few dozen of them, where that beats hashing; larger objects know
/// the places of their keys, so that a hostile one does not cost n². Two objects are equal when they have the same members
/// in any order, as JSON says.
public struct JSONObject: Sendable {
    public typealias Member = (key: String, value: JSONValue)

    public private(set) var members: [Member]
    /// Where each key stands among the members; nil while they are few.
    private var places: [String: Int]?

    private static let fewMembers = 32

    public init() { members = [] }

    /// Members in the given order; a repeated key keeps its first place and its last value.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = []
        for (key, value) in members { self[key] = value }
    }

    /// For the parser, which has checked that no key comes twice.
    init(unique members: [Member]) {
        self.members = members
        findPlaces()
    }

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }
    public var keys: [String] { members.map(\.key) }

    /// Setting nil removes the member; setting a new key appends it.
    public subscript(key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil):
                members.remove(at: index)
                findPlaces()
            case (nil, let value?):
                members.append((key, value))
                if places != nil { places?[key] = members.count - 1 } else { findPlaces() }
            case (nil, nil): break
            }
        }
    }

    private func place(of key: String) -> Int? {
        guard let places else { return members.firstIndex { $0.key == key } }
        return places[key]
    }

    private mutating func findPlaces() {
        guard members.count > Self.fewMembers else {
            places = nil
            return
        }
        places = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.key, $0) })
    }

    /// This object with `other`'s members put over its own, top level only.
    public func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        for (key, value) in other.members { merged[key] = value }
        return merged
    }

    public func filter(_ isIncluded: (Member) throws -> Bool) rethrows -> JSONObject {
        JSONObject(unique: try members.filter(isIncluded))
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.members.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // Order must not count, so the members' hashes are combined by a commutative operation.
        var combined = 0
        for (key, value) in members {
            var inner = Hasher()
            inner.combine(key)
            inner.combine(value)
            combined ^= inner.finalize()
        }
        hasher.combine(combined)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}
