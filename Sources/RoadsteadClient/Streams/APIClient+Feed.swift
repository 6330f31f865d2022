import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RoadsteadBasics

extension APIClient {
    /// Hands on what becomes new in a collection from now on (`GET /api/{type}` as an event stream), in order, until the
    /// task is cancelled.
    ///
    /// `onOpen` is called once, when nothing new can be missed any more. A stream that breaks is opened again behind the
    /// last document, for as long as the server is away; a document may then come twice. Throws unauthenticated when the
    /// session has ended, unsupported when the server has no such streams.
    public func follow(
        _ type: String, filter: String?, onOpen: @Sendable () async throws -> Void,
        onDocument: @Sendable (JSONObject) async throws -> Void
    ) async throws(RoadsteadError) {
        var place = ""
        while true {
            do throws(RoadsteadError) {
                try await follow(type, filter, &place, onOpen, onDocument)
            } catch {
                guard !place.isEmpty, error.code == .unavailable || error.code == .timeout else { throw error }
            }
            do { try await clock.sleep(for: .seconds(1)) } catch { throw TransportError.make(error, server: server) }
        }
    }

    /// Returns when the stream breaks off.
    private func follow(
        _ type: String, _ filter: String?, _ place: inout String, _ onOpen: @Sendable () async throws -> Void,
        _ onDocument: @Sendable (JSONObject) async throws -> Void
    ) async throws(RoadsteadError) {
        var request = APIRequest(method: .GET, path: type)
        request.parameters.add("filter", filter)
        if !place.isEmpty { request.headers.append((name: "last-event-id", value: place)) }
        let response = try await transport.open(request, cookie: session)
        do {
            guard response.status == .ok else { throw try await refusal(response) }
            guard response.headers.first(name: "content-type")?.hasPrefix("text/event-stream") == true else {
                throw RoadsteadError(.unsupported, "\(server) does not tell what becomes new in \(type)")
            }
            if place.isEmpty { try await onOpen() }
            var parser = EventStreamParser()
            for try await chunk in response.body {
                for event in parser.read(chunk.readableBytesView) {
                    guard let data = (try? JSONValue.parse(event.data))?.objectValue else { continue }
                    guard event.name != "end" else {
                        let message = data["message"]?.stringValue ?? "the session has ended"
                        throw RoadsteadError(.unauthenticated, message)
                    }
                    try await onDocument(data)
                    place = event.id
                }
                // The server names the place to begin with alone.
                if place.isEmpty { place = parser.lastID }
            }
        } catch { throw TransportError.make(error, server: server) }
    }
}
