import DockerAPI
import DockerClient
import Logging
import NIOCore
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadStore
import Synchronization

/// What comes from whoever sits at a console.
public enum ConsoleInput: Sendable {
    case bytes(ByteBuffer)
    case resize(rows: Int, columns: Int)
    /// No more input; the command goes on.
    case end
}

/// What goes there.
public enum ConsoleOutput: Sendable {
    case bytes(ByteBuffer)
    /// The command has ended; nothing follows.
    case exit(Int)
    /// The console has ended before the command; nothing follows.
    case failure(String)
}

/// A command in a task's container, ready to begin: who may, where it is and whether the node answers is known.
public struct Console: Sendable {
    public typealias Send = @Sendable (ConsoleOutput) async throws -> Void

    /// `web.1 on h2`.
    public let place: String
    /// Runs until the command ends, the input is closed by a cancelled task, or nobody has typed or read for long.
    public let run: @Sendable (AsyncStream<ConsoleInput>, @escaping Send) async -> Void

    /// Without a byte in either direction for so long, it is ended.
    static let idleLimit = Duration.seconds(900)
}

/// What was asked for.
struct ConsoleRequest: Hashable, Sendable {
    var task: String
    var command: [String]
    var isTTY: Bool

    /// `command` may be repeated: one for each word; `/bin/sh` without it.
    init(_ arguments: StreamArguments) throws(RoadsteadError) {
        guard let task = arguments.text("task") else {
            throw RoadsteadError(
                .invalidInput, "task is missing: give a task's id, or service.slot such as web.1, or a service's name")
        }
        self.task = task
        let words = arguments.texts("command")
        command = words.isEmpty ? ["/bin/sh"] : words
        isTTY = arguments.flag("tty")
    }
}

extension DeploymentLive {
    /// Throws `notFound` for a task that is not there, `invalidState` for one that does not run, and `unavailable` with the
    /// node's name when its engine cannot be reached.
    func console(of deployment: StoredDocument, _ request: ConsoleRequest, logger: Logger) async throws -> Console {
        let (engine, clock, stack) = (engine(logger), context.clock, DeploymentStack(deployment: deployment).name)
        let place = try await engine.withTarget(of: deployment) { target in
            let seat = try await ConsoleSeat(request.task, stack: stack, target.client)
            let reach = try await NodeReach(client: target.client, logger: logger)
            let found = try await reach.engine(of: seat.node)
            if !found.isOwn { await found.client.shutdown() }
            return "\(seat.name) on \(reach.name(seat.node))"
        }
        return Console(place: place) { input, send in
            do {
                try await engine.withTarget(of: deployment) { target in
                    let seat = try await ConsoleSeat(request.task, stack: stack, target.client)
                    let reach = try await NodeReach(client: target.client, logger: logger)
                    let found = try await reach.engine(of: seat.node)
                    let session = ConsoleSession(
                        client: found.client, container: seat.container, request: request, clock: clock)
                    do {
                        try await session.run(input, send)
                        if !found.isOwn { await found.client.shutdown() }
                    } catch {
                        if !found.isOwn { await found.client.shutdown() }
                        throw error
                    }
                }
            } catch {
                let words = RoadsteadError.translating(error, doing: "run \(request.command.first ?? "a command")")
                // The reader may have gone; there is nobody else to tell.
                try? await send(.failure(words.message))
            }
        }
    }
}

/// The container that a console is in.
private struct ConsoleSeat {
    let name: String
    let node: String
    let container: String

    /// `wanted`: a task's id or its beginning, `web.1`, or `web` for any running task of the service.
    init(_ wanted: String, stack: String, _ client: EngineClient) async throws {
        let tasks = try await StackTasks(stack: stack, client)
        let matches = tasks.matching(wanted)
        guard !matches.isEmpty else {
            throw RoadsteadError(
                .notFound, "the deployment has no task \(wanted.prefix(100)); list them with the action tasks")
        }
        guard let found = matches.first(where: { $0.status.state == .running }),
            let node = found.nodeID, let container = found.status.containerStatus?.containerID
        else {
            let states = Set(matches.map(\.status.state.name)).sorted().joined(separator: ", ")
            throw RoadsteadError(
                .invalidState, "task \(wanted.prefix(100)) does not run (\(states)); choose another one")
        }
        (name, self.node, self.container) = (tasks.name(of: found), node, container)
    }
}

/// One command with both directions of its bytes.
private struct ConsoleSession {
    let client: EngineClient
    let container: String
    let request: ConsoleRequest
    let clock: any WallClock

    private enum End: Sendable { case output, idle, gone }

    func run(_ input: AsyncStream<ConsoleInput>, _ send: @escaping Console.Send) async throws {
        let command = ExecCreate(request.command, tty: request.isTTY, attachStdin: true)
        let activity = LastActivity(clock.now)
        let result = try await client.exec(in: container, command) { session in
            try await withThrowingTaskGroup(of: End.self) { group in
                group.addTask { try await forward(input, to: session, activity) }
                group.addTask {
                    for try await piece in session.output {
                        activity.note(clock.now)
                        try await send(.bytes(piece.bytes))
                    }
                    return .output
                }
                group.addTask { try await waitForIdleness(activity) }
                defer { group.cancelAll() }
                return try await group.next() ?? .gone
            }
        }
        switch result.value {
        case .output: try await send(.exit(result.exitCode))
        case .idle: try await send(.failure("nothing was typed or written for 15 minutes; the console was closed"))
        case .gone: break
        }
    }

    /// The end of the input is that of whoever sat there, unless it was said that only the input ends.
    private func forward(
        _ input: AsyncStream<ConsoleInput>, to session: HijackedSession, _ activity: LastActivity
    ) async throws -> End {
        for await piece in input {
            activity.note(clock.now)
            switch piece {
            case .bytes(let bytes): try await session.write(bytes)
            case .resize(let rows, let columns):
                // The engine refuses a size before the command has begun: the next one will do.
                try? await session.resize(rows: rows, columns: columns)
            case .end: session.finishInput()
            }
        }
        return .gone
    }

    private func waitForIdleness(_ activity: LastActivity) async throws -> End {
        while true {
            let left = Console.idleLimit - (clock.now - activity.last)
            guard left > .zero else { return .idle }
            try await clock.sleep(for: left)
        }
    }
}

private final class LastActivity: Sendable {
    private let moment: Mutex<Instant>

    init(_ now: Instant) { moment = Mutex(now) }

    var last: Instant { moment.withLock { $0 } }
    func note(_ now: Instant) { moment.withLock { $0 = now } }
}
