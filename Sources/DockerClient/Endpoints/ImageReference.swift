/// An image's name taken apart as the routes want it: `host:5000/team/web:2@sha256:…`.
struct ImageReference: Hashable, Sendable {
    var repository: String
    /// A tag or a digest; the digest wins when there are both, `latest` when there is neither.
    var selector: String

    init(_ name: String) {
        if let at = name.firstIndex(of: "@") {
            repository = ImageReference.splitTag(String(name[..<at])).0
            selector = String(name[name.index(after: at)...])
        } else {
            let (repository, tag) = ImageReference.splitTag(name)
            (self.repository, selector) = (repository, tag ?? "latest")
        }
    }

    /// A colon behind the last slash begins the tag; one before it is a port.
    private static func splitTag(_ name: String) -> (String, String?) {
        let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        guard let colon = name[start...].firstIndex(of: ":") else { return (name, nil) }
        return (String(name[..<colon]), String(name[name.index(after: colon)...]))
    }
}
