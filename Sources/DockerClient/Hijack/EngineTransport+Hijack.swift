import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension EngineTransport {
    /// Opens a connection of its own, sends a POST on it, and gives the bytes behind the answer's head to `body`.
    ///
    /// The connection is closed when `body` returns or throws. Errors of `body` pass as they are.
    func hijack<Value: Sendable>(
        _ request: EngineRequest, version: APIVersion, isFramed: Bool, resize: EnginePath,
        _ body: @escaping @Sendable (HijackedSession) async throws -> Value
    ) async throws -> Value {
        let operation = request.operation
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let done = loop.makePromise(of: Void.self)
        let channel = try await failing(operation) {
            do { return try await self.connect(self.text(of: request, version: version), on: loop, done: done) } catch {
                done.fail(error)
                throw error
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await self.failing(operation) {
                try await withDeadline(self.options.deadline) {
                    try await withTaskCancellationHandler {
                        try await done.futureResult.get()
                    } onCancel: {
                        channel.channel.close(promise: nil)
                    }
                }
            } refusal: {
                self.explain($0, operation: operation)
            }
            return try await body(
                HijackedSession(
                    inbound: inbound, outbound: outbound, isFramed: isFramed, transport: self, operation: operation,
                    resize: resize, version: version))
        }
    }

    private func connect(
        _ request: ByteBuffer, on loop: any EventLoop, done: EventLoopPromise<Void>
    ) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let context = try await tlsContext()
        let name: String? =
            if case .tcp(let host, _) = endpoint.address { EngineTLSContext.serverName(for: host) } else { nil }
        let initializer: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = {
            channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                if let context { try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name)) }
                try pipeline.addHandler(HijackHandler(request: request, done: done))
                return try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(TimeAmount(options.connectTimeout))
            .channelOption(.allowRemoteHalfClosure, value: true)
        return switch endpoint.address {
        case .unix(let path):
            try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: initializer)
        case .tcp(let host, let port):
            try await bootstrap.connect(host: host, port: port, channelInitializer: initializer)
        }
    }

    private func tlsContext() async throws -> NIOSSLContext? {
        guard let identity else { return nil }
        return try await EngineTLSContext.make(identity.configuration)
    }

    /// The request as it goes over the wire. All its parts are escaped or fixed: no line break can get in.
    private func text(of request: EngineRequest, version: APIVersion) -> ByteBuffer {
        var body = ByteBuffer()
        if case .json(let bytes)? = request.body { body = bytes }
        var text = ByteBuffer(
            string: "POST /v\(version)\(request.path)\(request.query.text) HTTP/1.1\r\n"
                + "Host: \(endpoint.hostHeader)\r\nUser-Agent: roadstead\r\nContent-Type: application/json\r\n"
                + "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: \(body.readableBytes)\r\n\r\n")
        text.writeImmutableBuffer(body)
        return text
    }

    private func explain(_ error: any Error, operation: String) -> EngineError? {
        switch error {
        case let refusal as HijackHandler.Refusal:
            EngineResponse(status: refusal.status, headers: [:], body: refusal.body)
                .error(operation: operation, endpoint: endpoint)
        case is HijackHandler.Malformed:
            EngineError(
                .protocolViolation, "the answer is not HTTP", endpoint: endpoint.description, operation: operation)
        default: nil
        }
    }
}
