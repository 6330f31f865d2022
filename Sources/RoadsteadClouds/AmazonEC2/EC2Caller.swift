import HTTPCalls
import Logging
import RoadsteadBasics
import Synchronization

/// Signs calls of EC2's query API, sends them, and reads what comes back.
final class EC2Caller: Sendable {
    private let address: EC2Address
    private let signature: SignatureV4
    private let clock: any WallClock
    private let http: HTTPCaller
    /// How many things a page holds.
    let pageSize: Int
    private let recent = Mutex(RecentIDs())

    /// Pauses before a call is sent again because EC2 does not see yet what it made a moment ago.
    private static let settling: [Duration] = [.milliseconds(200), .seconds(1), .seconds(2), .seconds(4)]

    init(
        _ credential: AmazonEC2Credential, authorities: String?, clock: any WallClock, deadline: Duration,
        pageSize: Int, logger: Logger
    ) throws(CloudError) {
        address = try EC2Address(region: credential.region, endpoint: credential.endpoint)
        signature = SignatureV4(
            accessKey: credential.accessKey, secretKey: credential.secretKey, sessionToken: credential.sessionToken,
            region: credential.region, service: "ec2")
        self.clock = clock
        self.pageSize = pageSize
        do {
            http = try HTTPCaller(authorities: authorities, deadline: deadline, limit: 32 << 20, logger: logger)
        } catch { throw CloudError(.invalidRequest, error.words) }
    }

    func shutdown() async { await http.shutdown() }

    /// Remembers a thing that was made: for a while EC2 may not know it where it is used.
    func made(_ id: String) { recent.withLock { $0.add(id, at: clock.now) } }

    /// The answer's root.
    @discardableResult
    func send(_ query: EC2Query) async throws(CloudError) -> XMLElement {
        guard let root = try await send(query, excusing: []) else {
            throw CloudError(.unavailable, "EC2 did not answer \(query.action)")
        }
        return root
    }

    /// nil when EC2 refuses with one of these codes.
    @discardableResult
    func send(_ query: EC2Query, excusing codes: Set<String>) async throws(CloudError) -> XMLElement? {
        for pause in Self.settling {
            switch try await attempt(query) {
            case .success(let root): return root
            case .failure(let refusal) where codes.contains(refusal.code): return nil
            case .failure(let refusal) where isUnsettled(refusal):
                do { try await clock.sleep(for: pause) } catch { throw CloudError(.cancelled, "cancelled") }
            case .failure(let refusal): throw refusal.error
            }
        }
        switch try await attempt(query) {
        case .success(let root): return root
        case .failure(let refusal): if codes.contains(refusal.code) { return nil } else { throw refusal.error }
        }
    }

    /// All pages of a list; `set` is the element that holds its items.
    func items(_ query: EC2Query, in set: String, pageSize: Int? = nil) async throws(CloudError) -> [XMLElement] {
        var items: [XMLElement] = []
        var token: String?
        let paged = query.with("MaxResults", String(pageSize ?? self.pageSize))
        repeat {
            let root = try await send(paged.with("NextToken", token))
            items += root[set]?.all("item") ?? []
            let next = root.text("nextToken").flatMap { $0.isEmpty ? nil : $0 }
            guard next == nil || next != token else {
                throw CloudError(.unavailable, "EC2 answered \(query.action) with one page again and again")
            }
            token = next
        } while token != nil
        return items
    }

    /// A list that EC2 gives in one piece; empty when it refuses with one of these codes.
    func whole(
        _ query: EC2Query, in set: String, excusing codes: Set<String> = []
    ) async throws(CloudError) -> [XMLElement] {
        try await send(query, excusing: codes)?[set]?.all("item") ?? []
    }

    private func attempt(_ query: EC2Query) async throws(CloudError) -> Result<XMLElement, Refused> {
        let body = Array(query.body.utf8)
        let request = SignatureV4.Request(
            "POST", headers: [("content-type", "application/x-www-form-urlencoded; charset=utf-8")], body: body)
        let headers = signature.headers(request, host: address.host, at: clock.now).filter { $0.name != "host" }
        let reply: HTTPReply
        do {
            reply = try await http.send("POST", address.url + "/", headers: headers, body: body)
        } catch { throw unanswered(query, error) }
        guard (200..<300).contains(reply.status) else { return .failure(EC2Refusal(reply, to: query)) }
        guard let root = XMLElement(reply.body), root.name == query.action + "Response" else {
            let code: CloudError.Code = query.isChange ? .outcomeUnknown : .unavailable
            throw CloudError(code, "what answers \(query.action) at \(address.host) is not EC2")
        }
        return .success(root)
    }

    private func unanswered(_ query: EC2Query, _ fault: HTTPFault) -> CloudError {
        guard fault.kind == .nameNotFound else {
            return CloudError(fault, cloud: "EC2", call: query.action, isChange: query.isChange)
        }
        return CloudError(
            .unavailable,
            "EC2 did not answer \(query.action): \(fault.words); is '\(address.region)' a region of Amazon's, as eu-west-1?"
        )
    }

    private typealias Refused = EC2Refusal

    /// Whether EC2 misses something that was made a moment ago.
    private func isUnsettled(_ refusal: EC2Refusal) -> Bool {
        guard refusal.code.hasSuffix(".NotFound") || refusal.code.hasSuffix(".Unknown") else { return false }
        return recent.withLock { $0.isNamed(in: refusal.message, at: clock.now) }
    }
}

extension EC2Refusal: Error {}
