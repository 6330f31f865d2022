import RoadsteadBasics

/// A driver that is a program: it reads calls and writes answers, a JSON object a line (`Documentation/drivers.md`).
///
/// The program is started at once and, when it has died, again by the next call. Calls that were under way then are
/// answered with `outcomeUnknown` when they change something.
public actor ExternalDriver: CloudDriver {
    public nonisolated let name: String
    public nonisolated let features: Set<CloudFeature>
    private let program: ExternalProgram
    /// What the first program said: a later one must say the same.
    private let hello: ExternalHello
    private var session: ExternalSession
    private var starting: Task<Result<ExternalSession, CloudError>, Never>?
    private var isShutDown = false
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Starts the program and greets it. Throws `brokenDriver` when it cannot be run or does not speak the protocol, and
    /// what the program answers to its settings and secrets.
    public init(_ program: ExternalProgram) async throws(CloudError) {
        let (session, hello) = try await Self.open(program)
        (self.program, self.session, self.hello) = (program, session, hello)
        (name, features, free) = (hello.name, hello.features, hello.concurrency)
    }

    private static func open(
        _ program: ExternalProgram
    ) async throws(CloudError) -> (ExternalSession, ExternalHello) {
        let session = ExternalSession(program)
        await session.start()
        do {
            let answer = try await session.call("hello", ExternalHello.question(to: program), changes: false)
            return (session, try ExternalHello(answer, of: program))
        } catch {
            await session.stop()
            throw error
        }
    }

    public func check() async throws(CloudError) { _ = try await call("check", changes: false) }

    public func catalog() async throws(CloudError) -> CloudCatalog {
        let answer = try await call("catalog", changes: false)
        return try read("catalog") { CloudCatalog(external: answer) }
    }

    public func make(_ request: CloudRequest, tag: CloudTag) async throws(CloudError) -> CloudResource {
        let members = JSONObject([("tag", tag.external)]).merging(request.external)
        let answer = try await call("make", members, changes: true)
        return try read("make") { answer["resource"].flatMap(CloudResource.init(external:)) }
    }

    public func resource(_ reference: CloudReference) async throws(CloudError) -> CloudResource? {
        let answer = try await call("resource", reference.external, changes: false)
        if answer["resource"]?.isNull == true { return nil }
        return try read("resource") { answer["resource"].flatMap(CloudResource.init(external:)) }
    }

    public func resources(of cluster: String) async throws(CloudError) -> [CloudResource] {
        let answer = try await call("resources", JSONObject([("cluster", .string(cluster))]), changes: false)
        let all = try read("resources") { answer["resources"]?.arrayValue?.map(CloudResource.init(external:)) }
        guard all.allSatisfy({ $0?.tag?.cluster == cluster }) else {
            throw CloudError(
                .brokenDriver, "driver \(name) listed what is not of cluster \(cluster), or cannot be read")
        }
        return all.compactMap { $0 }
    }

    public func remove(_ reference: CloudReference) async throws(CloudError) {
        _ = try await call("remove", reference.external, changes: true)
    }

    public func power(_ order: PowerOrder, machine: CloudReference) async throws(CloudError) {
        let members = machine.external.merging(JSONObject([("order", .string(order.rawValue))]))
        _ = try await call("power", members, changes: true)
    }

    public func setRules(_ rules: [FirewallRule], firewall: CloudReference) async throws(CloudError) {
        let members = firewall.external.merging(JSONObject([("rules", .array(rules.map(\.external)))]))
        _ = try await call("set-rules", members, changes: true)
    }

    public func shutdown() async {
        isShutDown = true
        // One that is just being started belongs to nobody yet.
        if let starting, case .success(let opened) = await starting.value { await opened.stop() }
        await session.stop()
    }
}

extension ExternalDriver {
    private func read<Value>(_ call: String, _ body: () -> Value?) throws(CloudError) -> Value {
        guard let value = body() else {
            throw CloudError(.brokenDriver, "driver \(name) answered \(call) with what cannot be read")
        }
        return value
    }

    private func call(
        _ call: String, _ members: JSONObject = JSONObject(), changes: Bool
    ) async throws(CloudError) -> JSONObject {
        await enter()
        defer { leave() }
        let session = try await living()
        return try await session.call(call, members, changes: changes)
    }

    /// Waits for one of the places that the program offers; who is cancelled waits for its turn and then gives it back.
    private func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        guard !waiting.isEmpty else {
            free += 1
            return
        }
        waiting.removeFirst().resume()
    }

    /// The session, opened anew when the program has died; many callers wait for one start.
    private func living() async throws(CloudError) -> ExternalSession {
        guard !isShutDown else { throw CloudError(.cancelled, "the driver was shut down") }
        guard !Task.isCancelled else { throw CloudError(.cancelled, "the call was cancelled") }
        let current = session
        guard await current.ended != nil, current === session else { return session }
        guard !isShutDown else { throw CloudError(.cancelled, "the driver was shut down") }
        let task = starting ?? restart()
        starting = task
        let result = await task.value
        if starting == task {
            starting = nil
            if case .success(let opened) = result { session = opened }
        }
        guard !isShutDown else { throw CloudError(.cancelled, "the driver was shut down") }
        return try result.get()
    }

    private func restart() -> Task<Result<ExternalSession, CloudError>, Never> {
        // Its own task: the caller that happens to be first may be cancelled, the others still want the program.
        Task { [program, hello] () async -> Result<ExternalSession, CloudError> in
            do throws(CloudError) {
                let (session, again) = try await Self.open(program)
                guard again == hello else {
                    await session.stop()
                    throw CloudError(.brokenDriver, "driver \(program.path) was started again and is another one now")
                }
                return .success(session)
            } catch {
                return .failure(error)
            }
        }
    }
}
