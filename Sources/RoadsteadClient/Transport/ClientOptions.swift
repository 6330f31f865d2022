import RoadsteadBasics

/// How an ``APIClient`` connects: trust, deadlines and caps.
public struct ClientOptions: Sendable {
    /// PEM text of the certification authorities to trust; nil means the system's.
    public var certificateAuthorities: String?
    public var connectTimeout: Duration
    /// From the first byte sent to the last one received, of everything but event streams.
    public var requestTimeout: Duration
    /// How long a job's watch goes on when the server does not answer, before it gives up.
    public var watchPatience: Duration
    /// An event stream without a byte for so long is taken for dead, and opened again.
    public var streamSilence: Duration
    /// Between two looks at a job when its events cannot be streamed.
    public var pollInterval: Duration
    /// Bytes of an answer.
    public var maximumAnswerSize: Int

    public init(
        certificateAuthorities: String? = nil, connectTimeout: Duration = .seconds(5),
        requestTimeout: Duration = .seconds(60), watchPatience: Duration = .seconds(60),
        streamSilence: Duration = .seconds(45), pollInterval: Duration = .milliseconds(500),
        maximumAnswerSize: Int = 32 << 20
    ) {
        self.certificateAuthorities = certificateAuthorities
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.watchPatience = watchPatience
        self.streamSilence = streamSilence
        self.pollInterval = pollInterval
        self.maximumAnswerSize = maximumAnswerSize
    }
}
