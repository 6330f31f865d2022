import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RoadsteadBasics

extension APIClient {
    /// Follows a job until it is final and answers its last document.
    ///
    /// `onChange` gets every document that differs from the one before. Events are streamed
    /// (`GET /api/job/<id>/stream`); a stream that breaks is opened again, a server without streams is polled, and one
    /// that restarts is waited for as long as ``ClientOptions/watchPatience`` says. Throws notFound, forbidden,
    /// unavailable, cancelled.
    public func watchJob(
        _ id: ResourceID, onChange: @Sendable (JSONObject) async -> Void
    ) async throws(RoadsteadError) -> JSONObject {
        var watch = JobWatch(policy: policy)
        while true {
            let step: JobWatchPolicy.Step
            var isStream = false
            do {
                if let final = try await watch.take(get(id), onChange) { return final }
                watch.policy.answered()
                guard case .stream = watch.policy.pending() else {
                    try await pause(watch.policy.pending())
                    continue
                }
                isStream = true
                if let final = try await stream(id, &watch, onChange) { return final }
                step = watch.policy.streamEnded()
            } catch {
                step = watch.policy.failed(error, opening: isStream, at: clock.now)
                if step == .giveUp { throw error }
            }
            try await pause(step)
        }
    }

    private var policy: JobWatchPolicy {
        let options = transport.options
        return JobWatchPolicy(patience: options.watchPatience, pollInterval: options.pollInterval)
    }

    private func pause(_ step: JobWatchPolicy.Step) async throws(RoadsteadError) {
        let duration: Duration =
            switch step {
            case .stream(let after), .poll(let after): after
            case .giveUp: .zero
            }
        guard duration > .zero else { return }
        do { try await clock.sleep(for: duration) } catch { throw TransportError.make(error, server: server) }
    }

    /// nil when the stream ended before the job.
    private func stream(
        _ id: ResourceID, _ watch: inout JobWatch, _ onChange: @Sendable (JSONObject) async -> Void
    ) async throws(RoadsteadError) -> JSONObject? {
        let response = try await transport.open(APIRequest(method: .GET, path: "\(id)/stream"), cookie: session)
        do {
            guard response.status == .ok else { throw try await refusal(response) }
            var parser = EventStreamParser()
            for try await chunk in response.body {
                for event in parser.read(chunk.readableBytesView) {
                    guard let document = (try? JSONValue.parse(event.data))?.objectValue else { continue }
                    watch.policy.answered()
                    if let final = await watch.take(document, onChange) { return final }
                }
            }
            return nil
        } catch { throw TransportError.make(error, server: server) }
    }

    func refusal(_ response: HTTPClientResponse) async throws -> RoadsteadError {
        let body = try await response.body.collect(upTo: 1 << 20)
        let answer = APIAnswer(
            status: Int(response.status.code), headers: response.headers, bytes: Array(body.readableBytesView))
        return AnswerError.make(answer, from: server)
    }
}

/// What a watch has seen.
private struct JobWatch {
    var policy: JobWatchPolicy
    var last: JSONObject?

    init(policy: JobWatchPolicy) { self.policy = policy }

    /// Hands `document` on when it says something new; answers it when the job is final.
    mutating func take(
        _ document: JSONObject, _ onChange: @Sendable (JSONObject) async -> Void
    ) async -> JSONObject? {
        // An event may be of another shape than a document (a comment for people, a heartbeat).
        guard document["state"] != nil else { return nil }
        if document != last { await onChange(document) }
        last = document
        return JobState(document).isFinal ? document : nil
    }
}
