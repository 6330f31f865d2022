/// Where a Docker Engine listens, and how to prove to each other who we are.
public struct EngineEndpoint: Sendable, Hashable {
    enum Address: Sendable, Hashable {
        case unix(path: String)
        case tcp(host: String, port: Int)
    }

    let address: Address
    /// nil over a socket, and over TCP in the clear.
    let tls: EngineTLS?

    public static func unix(_ path: String) -> EngineEndpoint {
        EngineEndpoint(address: .unix(path: path), tls: nil)
    }

    /// `host` is a name or an IPv4 or IPv6 address without brackets.
    public static func tcp(host: String, port: Int, tls: EngineTLS?) -> EngineEndpoint {
        EngineEndpoint(address: .tcp(host: host, port: port), tls: tls)
    }

    /// Where docker looks when nothing says otherwise.
    public static let standardSocket = EngineEndpoint.unix("/var/run/docker.sock")

    /// Whether the endpoint can be reached from this machine only by its file system.
    public var isSocket: Bool { if case .unix = address { true } else { false } }
}

extension EngineEndpoint: CustomStringConvertible {
    public var description: String {
        switch address {
        case .unix(let path): "unix://" + path
        case .tcp(let host, let port): (tls == nil ? "tcp://" : "https://") + Self.bracketed(host) + ":\(port)"
        }
    }

    /// What async-http-client wants in front of the path.
    var baseURL: String {
        switch address {
        case .unix(let path): "http+unix://" + PercentEncoding.encode(path)
        case .tcp(let host, let port): (tls == nil ? "http://" : "https://") + Self.bracketed(host) + ":\(port)"
        }
    }

    /// The value of the Host header.
    var hostHeader: String {
        switch address {
        case .unix: "docker"
        case .tcp(let host, let port): Self.bracketed(host) + ":\(port)"
        }
    }

    private static func bracketed(_ host: String) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    }
}
