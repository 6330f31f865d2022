extension RemoteHost {
    /// Puts bytes into a file of the host, whole or not at all: they go by standard input to a temporary file beside it, which
    /// gets its mode and owner and then its name. Folders on the way must exist. `owner` is `USER` or `USER:GROUP`.
    ///
    /// Throws `commandFailed`, for example when the disk is full; the file is then as it was.
    public func upload(
        _ bytes: [UInt8], to path: String, mode: Int = 0o644, owner: String? = nil, asRoot: Bool = true,
        timeLimit: Duration = .seconds(300)
    ) async throws(RemoteHostError) {
        guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.contains("\0") else {
            throw RemoteHostError(.invalidInput, "'\(path)' is no absolute path of a file", host: name)
        }
        let script = Self.uploadScript(path: path, count: bytes.count, mode: mode, owner: owner)
        try await succeed(RemoteCommand(script, input: bytes, asRoot: asRoot, timeLimit: timeLimit))
    }

    /// The bytes are counted at the end: a connection that is cut in the middle ends the input as a whole file does.
    static func uploadScript(path: String, count: Int, mode: Int, owner: String?) -> String {
        let name = ShellWord.quoted(path)
        let octal = String(mode, radix: 8)
        return """
            set -e
            umask 077
            t=$(mktemp -- \(ShellWord.quoted(path + ".XXXXXXXX")))
            trap 'rm -f -- "$t"' EXIT
            trap 'exit 1' HUP INT TERM
            cat >"$t"
            [ "$(wc -c <"$t")" -eq \(count) ] || { echo 'upload: cut short' >&2; exit 1; }
            \(owner.map { "chown -- \(ShellWord.quoted($0)) \"$t\"" } ?? ":")
            chmod \(octal) -- "$t"
            mv -fT -- "$t" \(name)
            """
    }

    /// The bytes of a file of the host. Throws `tooMuchOutput` when it has more than `limit`, `commandFailed` when it
    /// cannot be read.
    public func download(_ path: String, limit: Int, asRoot: Bool = true) async throws(RemoteHostError) -> [UInt8] {
        let script = "exec cat -- \(ShellWord.quoted(path))"
        return try await succeed(RemoteCommand(script, asRoot: asRoot, outputLimit: limit)).output
    }
}
