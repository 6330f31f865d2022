/// Where in a Compose file something was written. Lines and columns count from 1, columns in Unicode scalars.
struct SourcePosition: Hashable, Sendable {
    var file: String
    var line: Int
    var column: Int
}

/// A place in the tree of a Compose file, and where that was written.
///
/// Where a thing stands is no part of what it is: any two origins are equal, so that the same service read twice is equal to
/// itself.
struct Origin: Hashable, Sendable {
    var path: NodePath
    var position: SourcePosition

    static func == (left: Origin, right: Origin) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
