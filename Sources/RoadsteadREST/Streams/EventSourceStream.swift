import HTTPTypes
import Hummingbird
import NIOCore
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import ServiceLifecycle

/// Events of several kinds as server-sent events, or as lines of plain text for who asks for that (a download).
///
/// It ends with an event `end`, or with `error` and the reason; a reader that goes ends its sources at once. A comment every
/// 15 seconds keeps proxies from giving up; lines of text leave no room for one.
struct EventSourceStream {
    let source: EventSource
    let isText: Bool
    let channel: any Channel

    /// 406 for lines of what has none.
    func response() throws -> Response {
        guard !isText || source.hasLines else {
            throw HTTPFailure(
                status: 406, message: "this stream has no form as lines of text; ask with Accept: text/event-stream")
        }
        var headers: HTTPFields = [
            .contentType: isText ? "text/plain; charset=utf-8" : "text/event-stream", .cacheControl: "no-store",
        ]
        if isText { headers[.contentDisposition] = "attachment; filename=\"log.txt\"" }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                let (queue, departure) = (EventQueue(), try await ReaderWatch.departure(from: channel))
                try await departure.whileReading({ queue.end() }) {
                    try await write(queue) { try await writer.write(ByteBuffer(string: $0)) }
                }
                try await writer.finish(nil)
            })
    }

    private func write(_ queue: EventQueue, _ send: (String) async throws -> Void) async throws {
        // A reader sees at once that the stream stands.
        if !isText { try await send(": listening\n\n") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await fill(queue) }
            if !isText { group.addTask { await keepAlive(queue) } }
            // On shutdown the stream ends, and the reader comes back to the next server.
            try await withGracefulShutdownHandler {
                try await withTaskCancellationHandler {
                    while let line = await queue.next() { try await send(line) }
                } onCancel: {
                    queue.end()
                }
            } onGracefulShutdown: {
                queue.end()
            }
            queue.end()
            group.cancelAll()
        }
    }

    private func fill(_ queue: EventQueue) async {
        do {
            try await source.run { event in
                guard let text = text(event) else { return }
                try await queue.put(text)
            }
            if !isText { try await queue.put("event: end\ndata: {}\n\n") }
        } catch let error as RoadsteadError {
            let data: JSONValue = ["message": .string(error.message), "code": .string(error.code.rawValue)]
            let text = isText ? "# \(error.message)\n" : "event: error\ndata: \(data.text())\n\n"
            // The reader may be gone as well.
            try? await queue.put(text)
        } catch {}
        queue.end()
    }

    private func text(_ event: StreamEvent) -> String? {
        if isText { return event.line.map { $0 + "\n" } }
        return "event: \(event.name)\ndata: \(JSONValue.object(event.data).text())\n\n"
    }

    private func keepAlive(_ queue: EventQueue) async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(15))
                try await queue.put(": still here\n\n")
            } catch { return }
        }
    }
}
