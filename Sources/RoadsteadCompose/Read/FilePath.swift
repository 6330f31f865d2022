/// Paths as texts, without asking a file system.
enum FilePath {
    /// `path` seen from `directory`, without `.` and `..` parts where they can be resolved.
    static func absolute(_ path: String, from directory: String) -> String {
        if path.hasPrefix("/") { return path }
        return clean(directory.isEmpty ? path : directory + "/" + path)
    }

    /// Removes empty and `.` parts, and `..` with the part before it.
    static func clean(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isAbsolute { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// What stands before the last slash: empty for a bare name, `/` at the root.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What stands behind the last slash.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// A path with a Windows drive or of a Windows share, which no Unix path is put in front of.
    static func isWindowsAbsolute(_ path: String) -> Bool {
        if path.hasPrefix("\\\\") { return true }
        let start = Array(path.prefix(3))
        return start.count == 3 && start[0].isLetter && start[0].isASCII && start[1] == ":"
            && (start[2] == "\\" || start[2] == "/")
    }
}
