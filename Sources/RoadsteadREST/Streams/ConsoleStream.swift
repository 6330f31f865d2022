import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOWebSocket
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import ServiceLifecycle

/// A console over a WebSocket: binary frames are the command's input and output; texts are JSON, `{"resize": {"rows": 24,
/// "columns": 80}}` or `{"end": true}` (of the input) from the client, `{"exit": 0}` or `{"error": "…"}` to it.
struct ConsoleStream {
    let console: Console
    let channel: any Channel
    /// The host that the caller asked for.
    let serverName: String?

    /// 101, or an `HTTPFailure`: 426 for a request that does not ask for a WebSocket, 403 for one that a page of another
    /// site makes.
    func response(to request: IncomingRequest) throws -> Response {
        let headers = request.headers
        guard request.method == "GET", headers[.upgrade]?.lowercased() == "websocket",
            let key = request.header("sec-websocket-key"), request.header("sec-websocket-version") == "13"
        else {
            throw HTTPFailure(
                status: 426,
                message: "a console is a WebSocket: ask with Upgrade: websocket (version 13), or use `roadstead exec`")
        }
        try checkOrigin(request)
        var fields: HTTPFields = [.upgrade: "websocket", .connection: "upgrade"]
        if let name = HTTPField.Name("sec-websocket-accept") { fields[name] = Self.accept(key) }
        return Response(
            status: .switchingProtocols, headers: fields,
            body: ResponseBody { writer in
                await run()
                try await writer.finish(nil)
            })
    }

    /// Browsers let any page open WebSockets with the user's cookies, and say which page it was.
    private func checkOrigin(_ request: IncomingRequest) throws {
        guard let origin = request.header("origin"), let host = URL(string: origin)?.host else { return }
        let brackets = CharacterSet(charactersIn: "[]")
        guard serverName?.trimmingCharacters(in: brackets).lowercased() == host.lowercased() else {
            throw HTTPFailure(status: 403, message: "a page of \(host.prefix(200)) may not open a console here")
        }
    }

    /// RFC 6455, section 4.2.2.
    static func accept(_ key: String) -> String {
        let text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        return Data(Insecure.SHA1.hash(data: Array(text.utf8))).base64EncodedString()
    }

    private func run() async {
        guard let socket = try? await WebSocket(on: channel) else { return }
        let (input, feed) = AsyncStream.makeStream(of: ConsoleInput.self)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await console.run(input) { try await send($0, socket) }
                return true
            }
            group.addTask {
                for await message in socket.messages.cancelOnGracefulShutdown() {
                    if let piece = Self.input(message) { feed.yield(piece) }
                    socket.consumed()
                }
                return false
            }
            group.addTask {
                await keepAlive(socket)
                return false
            }
            // The console ends with its command, or because its input has ended with the connection.
            while let isOver = await group.next(), !isOver { feed.finish() }
            group.cancelAll()
        }
        await socket.close()
    }

    private func send(_ output: ConsoleOutput, _ socket: WebSocket) async throws {
        switch output {
        case .bytes(let bytes): try await socket.send(WebSocketFrame(fin: true, opcode: .binary, data: bytes))
        case .exit(let code): try await socket.send(Self.control(["exit": JSONValue(code)]))
        case .failure(let message): try await socket.send(Self.control(["error": .string(message)]))
        }
    }

    private static func control(_ value: JSONValue) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: value.text()))
    }

    /// nil for a text that means nothing here.
    static func input(_ message: WebSocketMessage) -> ConsoleInput? {
        switch message {
        case .binary(let bytes): return .bytes(bytes)
        case .text(let text):
            guard let json = try? JSONValue.parse(text) else { return nil }
            if json["end"]?.boolValue == true { return .end }
            guard let size = json["resize"], let rows = size["rows"]?.integerValue,
                let columns = size["columns"]?.integerValue, (1...10_000).contains(rows), (1...10_000).contains(columns)
            else { return nil }
            return .resize(rows: Int(rows), columns: Int(columns))
        }
    }

    private func keepAlive(_ socket: WebSocket) async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(20))
                try await socket.send(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()))
            } catch { return }
        }
    }
}
