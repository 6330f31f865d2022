import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import RoadsteadBasics

/// What goes into a command.
public enum ConsoleInput: Sendable {
    case bytes([UInt8])
    case resize(rows: Int, columns: Int)
    /// No more input.
    case end
}

/// Which command, in which task.
public struct ConsoleCommand: Sendable {
    /// A task's id, `web.1`, or a service's name.
    public var task: String
    /// `/bin/sh` when empty.
    public var command: [String]
    public var isTTY: Bool

    public init(task: String, command: [String] = [], isTTY: Bool = false) {
        (self.task, self.command, self.isTTY) = (task, command, isTTY)
    }

    var parameters: FormFields {
        var fields = FormFields()
        fields.add("task", task)
        for word in command { fields.add("command", word) }
        fields.add("tty", isTTY ? "true" : nil)
        return fields
    }
}

extension APIClient {
    /// Runs a command in a task's container (`GET …/stream/exec`, a WebSocket) and answers its exit code.
    ///
    /// The end of `input` without `.end` leaves the command's input open. Throws notFound, invalidState, forbidden, and
    /// unavailable when the node cannot be reached.
    public func console(
        of deployment: ResourceID, _ command: ConsoleCommand, input: AsyncStream<ConsoleInput>,
        onOutput: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws(RoadsteadError) -> Int {
        let request = APIRequest(
            method: .GET, path: "\(deployment)/stream/exec", parameters: command.parameters)
        do {
            let connection = WebSocketConnection(server: server, options: transport.options)
            return try await connection.run(request, cookie: session) { inbound, outbound in
                try await Self.converse(inbound, outbound, input, onOutput)
            }
        } catch { throw TransportError.make(error, server: server) }
    }

    private static func converse(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>, _ input: AsyncStream<ConsoleInput>,
        _ onOutput: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask {
                for await piece in input { try await outbound.write(frame(piece)) }
                return nil
            }
            group.addTask {
                for try await frame in inbound {
                    if let code = try await take(frame, outbound, onOutput) { return code }
                }
                throw RoadsteadError(.unavailable, "the console ended without an exit status")
            }
            defer { group.cancelAll() }
            while let result = try await group.next() { if let code = result { return code } }
            throw CancellationError()
        }
    }

    /// The exit code, when that is what came.
    private static func take(
        _ frame: WebSocketFrame, _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>,
        _ onOutput: @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int? {
        switch frame.opcode {
        case .binary, .continuation: try await onOutput(Array(buffer: frame.unmaskedData))
        case .ping:
            try await outbound.write(
                WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData))
        case .text:
            let json = try JSONValue.parse(String(buffer: frame.unmaskedData))
            if let code = json["exit"]?.integerValue { return Int(clamping: code) }
            if let message = json["error"]?.stringValue { throw RoadsteadError(.unavailable, message) }
        case .connectionClose:
            throw RoadsteadError(.unavailable, "the server has closed the console before the command ended")
        default: break
        }
        return nil
    }

    private static func frame(_ input: ConsoleInput) -> WebSocketFrame {
        switch input {
        case .bytes(let bytes):
            return WebSocketFrame(fin: true, opcode: .binary, maskKey: .random(), data: ByteBuffer(bytes: bytes))
        case .resize(let rows, let columns):
            return control(["resize": ["rows": JSONValue(rows), "columns": JSONValue(columns)]])
        case .end: return control(["end": true])
        }
    }

    private static func control(_ value: JSONValue) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: value.text()))
    }
}
