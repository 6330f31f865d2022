/// Caps that keep a hostile or broken file from taking the process with it.
struct YAMLLimits: Sendable {
    /// Bytes of one file.
    var size = 1 << 20
    /// Nodes after aliases are expanded: a kilobyte of nested aliases can stand for billions.
    var nodes = 200_000
    /// Lists and mappings within each other.
    var depth = 64
}
