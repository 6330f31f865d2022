import HTTPTypes
import Hummingbird
import NIOCore
import RoadsteadBasics
import ServiceLifecycle

/// Documents as server-sent events (`text/event-stream`, WHATWG HTML section 9.2): one `progress` event each, then an
/// `end` event. A comment every 15 seconds keeps proxies from giving up and shows when the reader has gone.
struct EventStream {
    let documents: AsyncThrowingStream<JSONObject, any Error>

    var response: Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                try await write { try await writer.write(ByteBuffer(string: $0)) }
                try await writer.finish(nil)
            })
    }

    static func event(_ name: String, _ document: JSONObject) -> String {
        "event: \(name)\ndata: \(JSONValue.object(document).text())\n\n"
    }

    private func write(_ line: (String) async throws -> Void) async throws {
        let (lines, queue) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(64))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await forward(to: queue) }
            group.addTask { await keepAlive(queue) }
            // On shutdown the stream ends, and the reader comes back to the next server.
            for await text in lines.cancelOnGracefulShutdown() { try await line(text) }
            group.cancelAll()
        }
    }

    private func forward(to queue: AsyncStream<String>.Continuation) async {
        do {
            for try await document in documents { queue.yield(Self.event("progress", document)) }
            queue.yield("event: end\ndata: {}\n\n")
        } catch {
            // The reader polls or comes again when a stream ends without its end event.
            queue.finish()
        }
        queue.finish()
    }

    private func keepAlive(_ queue: AsyncStream<String>.Continuation) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(15)) } catch { return }
            queue.yield(": still here\n\n")
        }
    }
}
