/// Values by place in a Compose file, written as patterns: `services.*.ports.[].target`, where `*` stands for any key and
/// `[]` for any index. Walked beside the file, one step a level.
struct PathTree<Value: Sendable>: Sendable {
    private(set) var value: Value?
    private var children: [String: PathTree] = [:]

    init() {}

    init(_ values: some Sequence<(pattern: String, value: Value)>) {
        for (pattern, value) in values { insert(value, at: pattern.split(separator: ".").map(String.init)[...]) }
    }

    private mutating func insert(_ value: Value, at path: ArraySlice<String>) {
        guard let first = path.first else { return self.value = value }
        children[first, default: PathTree()].insert(value, at: path.dropFirst())
    }

    func key(_ name: String) -> PathTree? { children[name] ?? children["*"] }

    var element: PathTree? { children["[]"] }
}
