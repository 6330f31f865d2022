import HTTPCalls
import Logging
import RoadsteadBasics

/// Signs calls of Exoscale's API, sends them, reads what comes back, and follows operations to their end.
final class ExoscaleCaller: Sendable {
    let address: ExoscaleAddress
    private let signature: ExoscaleSignature
    private let pace: ExoscalePace
    private let clock: any WallClock
    private let http: HTTPCaller

    init(
        _ credential: ExoscaleCredential, endpoint: String, authorities: String?, clock: any WallClock,
        deadline: Duration, pace: ExoscalePace, logger: Logger
    ) throws(CloudError) {
        address = try ExoscaleAddress(zone: credential.zone, template: endpoint)
        signature = ExoscaleSignature(apiKey: credential.apiKey, apiSecret: credential.apiSecret)
        (self.pace, self.clock) = (pace, clock)
        do {
            http = try HTTPCaller(authorities: authorities, deadline: deadline, limit: 32 << 20, logger: logger)
        } catch { throw CloudError(.invalidRequest, error.words) }
    }

    func shutdown() async { await http.shutdown() }

    /// The answer.
    func send(_ call: ExoscaleCall) async throws(CloudError) -> JSONValue {
        let body = call.body.map { $0.serialized() }
        var headers: [(name: String, value: String)] = []
        if body != nil { headers.append(("content-type", "application/json")) }
        let path = address.endpoint.path + call.path
        if call.isSigned {
            let text = signature.authorization(
                call.method, path: path, query: call.query, body: body ?? [], at: clock.now)
            headers.append(("authorization", text))
        }
        let query = call.query.isEmpty ? "" : "?" + URIEncoding.query(call.query)
        let reply: HTTPReply
        do {
            reply = try await http.send(call.method, address.endpoint.url + path + query, headers: headers, body: body)
        } catch { throw unanswered(call, error) }
        return try read(reply, of: call)
    }

    private func unanswered(_ call: ExoscaleCall, _ fault: HTTPFault) -> CloudError {
        guard fault.kind == .nameNotFound else {
            return CloudError(fault, cloud: "Exoscale", call: call.words, isChange: call.isChange)
        }
        return CloudError(
            .unavailable,
            "Exoscale did not answer \(call.words): \(fault.words); is '\(address.zone)' a zone of Exoscale's, as "
                + "ch-gva-2?")
    }

    private func read(_ reply: HTTPReply, of call: ExoscaleCall) throws(CloudError) -> JSONValue {
        guard (200..<300).contains(reply.status) else { throw ExoscaleRefusal(reply, to: call).error }
        guard let json = try? JSONValue.parse(reply.body, limits: JSONLimits(size: 32 << 20)), json.objectValue != nil
        else {
            throw CloudError(
                call.isChange ? .outcomeUnknown : .unavailable,
                "what answers \(call.words) at \(address.endpoint.host) is not Exoscale")
        }
        return json
    }

    /// nil when Exoscale does not know what is asked for.
    func find(_ call: ExoscaleCall) async throws(CloudError) -> JSONValue? {
        do { return try await send(call) } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// The member of an answer that is a list.
    func list(_ call: ExoscaleCall, _ member: String) async throws(CloudError) -> [JSONValue] {
        guard let items = try await send(call)[member]?.arrayValue else {
            throw CloudError(.unavailable, "Exoscale answered \(call.words) without '\(member)'")
        }
        return items
    }

    /// Sends a call that changes something and returns when it is done: the id of what was made or changed.
    ///
    /// Throws what the operation failed with; `outcomeUnknown` when it is pending for longer than the pace has time.
    @discardableResult
    func order(_ call: ExoscaleCall) async throws(CloudError) -> String? {
        guard let operation = ExoscaleOperation(try await send(call)) else {
            throw CloudError(.outcomeUnknown, "Exoscale answered \(call.words) without an operation")
        }
        return try await follow(operation, of: call)
    }

    /// The id of what a call makes, when it is made.
    func made(_ call: ExoscaleCall) async throws(CloudError) -> String {
        if let id = try await order(call) { return id }
        throw CloudError(.outcomeUnknown, "Exoscale answered \(call.words) without an id")
    }

    /// What is gone already is no error.
    func remove(_ call: ExoscaleCall) async throws(CloudError) {
        do { try await order(call) } catch {
            if error.code != .notFound { throw error }
        }
    }

    private func follow(_ first: ExoscaleOperation, of call: ExoscaleCall) async throws(CloudError) -> String? {
        let end = clock.now + pace.limit
        var (operation, looks, wait) = (first, 0, Duration.zero)
        while operation.state == .pending {
            looks += 1
            try await sleep(max(pace.looks.ceiling(failures: looks), wait), until: end, call)
            (operation, wait) = try await look(at: operation, of: call)
        }
        guard operation.state == .success else { throw ExoscaleRefusal(operation, of: call).error }
        return operation.reference ?? first.reference
    }

    /// How it stands now. What fails in between and may pass changes nothing: the order was taken.
    private func look(
        at operation: ExoscaleOperation, of call: ExoscaleCall
    ) async throws(CloudError) -> (ExoscaleOperation, wait: Duration) {
        let question = ExoscaleCall.read("get-operation", "/operation/\(operation.id)", of: call.words)
        do {
            return (ExoscaleOperation(try await send(question)) ?? operation, .zero)
        } catch {
            if error.mayPass { return (operation, error.retryAfter ?? .zero) }
            if error.code == .cancelled { throw error }
            throw CloudError(.outcomeUnknown, "Exoscale took \(call.words) and does not tell how it goes: \(error)")
        }
    }

    private func sleep(_ time: Duration, until end: Instant, _ call: ExoscaleCall) async throws(CloudError) {
        guard clock.now + time < end else {
            throw CloudError(
                .outcomeUnknown,
                "Exoscale took \(call.words) and was not done with it after \(pace.limit.components.seconds) s")
        }
        do { try await clock.sleep(for: time) } catch { throw CloudError(.cancelled, "cancelled") }
    }
}
