import HTTPTypes
import Hummingbird
import NIOCore
import RoadsteadBasics
import RoadsteadControl
import ServiceLifecycle

/// A collection's news as server-sent events: one event a document, named after its type, with the place to go on from
/// as its id (`Last-Event-ID`). A comment every 15 seconds keeps proxies from giving up and shows when the reader has gone.
struct FeedStream {
    let feed: CollectionFeed

    private enum Signal { case news, time }

    var response: Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                try await write { try await writer.write(ByteBuffer(string: $0)) }
                try await writer.finish(nil)
            })
    }

    /// Ends when the server stops; and with an event `end` when the caller's session does.
    private func write(_ send: (String) async throws -> Void) async throws {
        // One signal in wait is enough: each makes the feed tell all that is new.
        let (signals, queue) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(1))
        let hints = feed.hints
        var feed = feed
        // A reader that loses the connection before the first event comes again with this place.
        try await send("retry: 3000\nid: \(feed.place)\n: listening\n\n")
        queue.yield(.news)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in hints { queue.yield(.news) }
                queue.finish()
            }
            group.addTask { await Self.keepTime(queue) }
            for await signal in signals.cancelOnGracefulShutdown() {
                do {
                    let isSilent = try await Self.tell(&feed, send)
                    if isSilent, signal == .time { try await send(": still here\n\n") }
                } catch let error as RoadsteadError {
                    try await send(Self.end(error))
                    break
                }
            }
            group.cancelAll()
        }
    }

    /// Sends all that is new; true when there was nothing.
    private static func tell(
        _ feed: inout CollectionFeed, _ send: (String) async throws -> Void
    ) async throws -> Bool {
        var isSilent = true
        while true {
            let items = try await feed.next()
            if items.isEmpty { return isSilent }
            isSilent = false
            for item in items { try await send(event(item)) }
        }
    }

    private static func event(_ item: CollectionFeed.Item) -> String {
        let type = item.document["id"]?.stringValue?.split(separator: "/").first ?? "message"
        return "id: \(item.place)\nevent: \(type)\ndata: \(JSONValue.object(item.document).text())\n\n"
    }

    private static func end(_ error: RoadsteadError) -> String {
        "event: end\ndata: \(JSONValue.object(["message": .string(error.message)]).text())\n\n"
    }

    private static func keepTime(_ queue: AsyncStream<Signal>.Continuation) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(15)) } catch { return }
            queue.yield(.time)
        }
    }
}
