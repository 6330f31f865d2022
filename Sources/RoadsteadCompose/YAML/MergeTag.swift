/// What a file says about the values that files before it, or an extended service, have at the same place.
///
/// Source: the Compose specification, merge, "Reset value" and "Replace value".
enum MergeTag: String, Hashable, Sendable {
    /// The earlier value goes, and nothing takes its place.
    case reset = "!reset"
    /// The earlier value goes, and this one takes its place unmerged.
    case replace = "!override"
}
