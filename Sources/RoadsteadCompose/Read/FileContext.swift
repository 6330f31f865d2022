/// What the contents of one Compose file are read with. Files of one project share it, included projects and files with
/// services to extend have their own.
struct FileContext: Sendable {
    /// Relative paths count from here.
    var directory: String
    var environment: [String: String]
    var reader: any ComposeFileReader
    /// See `ComposeInput`.
    var hasFolder = true
}
