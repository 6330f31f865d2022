extension EngineEndpoint {
    /// Reads what people write for an engine: `unix:///run/docker.sock`, `/run/docker.sock`, `tcp://host:2375`,
    /// `https://host:2376`, `host:2376`, `[::1]:2375`.
    ///
    /// `tls` counts for `tcp://`, `https://` and the bare form. The port is 2376 with TLS and 2375 without when it is
    /// left out. Throws `invalidInput`.
    public static func parse(_ text: String, tls: EngineTLS?) throws(EngineError) -> EngineEndpoint {
        let (scheme, rest) = split(text)
        switch scheme {
        case "unix": return try socket(rest, of: text)
        case "tcp", nil: return try network(rest, of: text, tls: tls)
        case "https": return try network(rest, of: text, tls: tls ?? EngineTLS())
        case "http":
            guard tls == nil else {
                throw refusal(text, "http:// has no TLS, but certificates were given: use https://")
            }
            return try network(rest, of: text, tls: nil)
        case let other?:
            throw refusal(text, "'\(other)://' is not supported: use unix://, tcp:// or https://")
        }
    }

    private static func split(_ text: String) -> (scheme: String?, rest: Substring) {
        if text.hasPrefix("/") { return ("unix", text[...]) }
        guard let range = text.firstRange(of: "://") else { return (nil, text[...]) }
        return (text[..<range.lowerBound].lowercased(), text[range.upperBound...])
    }

    private static func socket(_ path: Substring, of text: String) throws(EngineError) -> EngineEndpoint {
        guard path.hasPrefix("/") else {
            throw refusal(text, "a socket needs an absolute path: unix:///run/docker.sock")
        }
        // sockaddr_un has room for 107 bytes and the closing zero.
        guard path.utf8.count <= 107 else { throw refusal(text, "the socket's path is longer than 107 bytes") }
        guard isPrintable(path) else { throw refusal(text, "the path has control characters") }
        return .unix(String(path))
    }

    private static func network(
        _ authority: Substring, of text: String, tls: EngineTLS?
    ) throws(EngineError) -> EngineEndpoint {
        let bare = authority.hasSuffix("/") ? authority.dropLast() : authority
        let (host, portText) = try hostAndPort(bare, of: text)
        guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(isHostByte) else {
            throw refusal(text, "'\(host)' is not a host name or address")
        }
        let port = try portText.map { digits throws(EngineError) in
            guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits), (1...65535).contains(port)
            else { throw refusal(text, "'\(digits)' is not a port (1 to 65535)") }
            return port
        }
        return .tcp(host: String(host), port: port ?? (tls == nil ? 2375 : 2376), tls: tls)
    }

    private static func hostAndPort(
        _ text: Substring, of whole: String
    ) throws(EngineError) -> (host: Substring, port: Substring?) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw refusal(whole, "'[' without ']'") }
            let after = text[text.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else {
                throw refusal(whole, "expected ':' and a port after ']'")
            }
            return (text[text.index(after: text.startIndex)..<end], after.isEmpty ? nil : after.dropFirst())
        }
        guard let colon = text.lastIndex(of: ":") else { return (text, nil) }
        guard text.firstIndex(of: ":") == colon else {
            throw refusal(whole, "write an IPv6 address in brackets: [\(text)]:2376")
        }
        return (text[..<colon], text[text.index(after: colon)...])
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "-._:%".utf8.contains(byte)
        }
    }

    private static func isPrintable(_ text: Substring) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    private static func refusal(_ text: String, _ why: String) -> EngineError {
        EngineError(.invalidInput, "endpoint '\(text)': \(why)", endpoint: text)
    }
}
