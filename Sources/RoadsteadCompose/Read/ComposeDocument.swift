/// One Compose file: parsed, interpolated and checked, with what it includes.
struct ComposeDocument: Sendable {
    /// Tells it from all others of one reading.
    var number: Int
    /// Absolute, for files that name each other.
    var path: String
    /// Without what `!reset` and later files take away.
    var root: YAMLNode
    /// Where this file wants the values of earlier files, and of extended services, to go.
    var resets: ResetTree
    /// Where later files took values away.
    var pruned = ResetTree()
    /// By the service that they are in.
    var findings: [String?: [UnsupportedFinding]]
    var context: FileContext
    var includes: [ComposeProject] = []

    /// Takes away what a later file resets, here and in all that is included.
    mutating func prune(_ resets: ResetTree) {
        pruned.formUnion(resets)
        root = resets.prune(root) ?? YAMLNode(.mapping(YAMLMapping(entries: [])), at: root.position)
        for index in includes.indices {
            for document in includes[index].documents.indices { includes[index].documents[document].prune(resets) }
        }
    }
}

/// Compose files that are merged in this order: those of the stack, or those of one `include`.
struct ComposeProject: Sendable {
    var documents: [ComposeDocument]
    /// Where it was included.
    var origin: Origin?

    /// Lets each file reset values of those before it.
    mutating func applyResets() {
        for later in documents.indices where !documents[later].resets.isEmpty {
            for earlier in 0..<later { documents[earlier].prune(documents[later].resets) }
        }
    }
}
