/// Where in a Compose file something was written. Lines and columns count from 1, columns in Unicode scalars.
struct SourcePosition: Hashable, Sendable {
    var file: String
    var line: Int
    var column: Int
}

/// A place in the tree of a Compose file, and where that was written.
struct Origin: Hashable, Sendable {
    var path: NodePath
    var position: SourcePosition
}
