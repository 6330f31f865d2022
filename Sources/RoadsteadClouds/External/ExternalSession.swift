import Foundation
import RoadsteadBasics
import Subprocess
import SystemPackage

/// One life of a driver's program: calls go out as lines, answers come back as lines in any order.
///
/// When it ends, by itself or because it broke the rules, every call that waits is answered: one that changes something
/// with `outcomeUnknown`, one that reads with the reason.
actor ExternalSession {
    private struct Pending {
        let changes: Bool
        let sent: ContinuousClock.Instant
        let limit: Duration
        let continuation: CheckedContinuation<Result<JSONObject, CloudError>, Never>
        let timer: Task<Void, Never>
    }

    private let program: ExternalProgram
    private let input: AsyncStream<[UInt8]>
    private let lines: AsyncStream<[UInt8]>.Continuation
    private var pending: [Int: Pending] = [:]
    /// Calls that nobody waits for any more: their answers are dropped, not refused.
    private var abandoned: Set<Int> = []
    private var next = 0
    private var lastHeard = ContinuousClock.now
    private var process: Task<Void, Never>?
    private(set) var ended: CloudError?

    init(_ program: ExternalProgram) {
        self.program = program
        // As many lines as there are callers that wait: they bound it.
        (input, lines) = AsyncStream.makeStream()
    }

    /// A write to a program that is gone must fail, and not end this process.
    private static let ignoringBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    func start() {
        Self.ignoringBrokenPipes
        // The program lives longer than any one call; `stop` ends it and waits for it.
        process = Task { await run() }
    }

    /// Sends a call and waits for its answer. `changes`: whether it does anything but read.
    func call(_ call: String, _ members: JSONObject, changes: Bool) async throws(CloudError) -> JSONObject {
        if let ended { throw ended }
        next += 1
        let id = next
        let line = JSONValue.object(
            JSONObject([("id", .integer(Int64(id))), ("call", .string(call))]).merging(members)
        )
        .serialized()
        guard line.count < program.lineLimit else {
            throw CloudError(.invalidRequest, "the call \(call) is longer than \(program.lineLimit) bytes")
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { send(line + [UInt8(ascii: "\n")], id, changes, $0) }
        } onCancel: {
            // The handler is synchronous and this actor is not.
            Task { await self.abandon(id, .cancelled, "the call was cancelled") }
        }
        return try result.get()
    }

    private func send(
        _ line: [UInt8], _ id: Int, _ changes: Bool,
        _ continuation: CheckedContinuation<Result<JSONObject, CloudError>, Never>
    ) {
        guard !Task.isCancelled else {
            return continuation.resume(returning: .failure(CloudError(.cancelled, "the call was cancelled")))
        }
        // Ends with the call, which cancels it.
        let limit = id == 1 ? program.greetingLimit : program.callLimit
        let timer = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            expire(id)
        }
        pending[id] = Pending(
            changes: changes, sent: .now, limit: limit, continuation: continuation, timer: timer)
        lines.yield(line)
    }

    private func abandon(_ id: Int, _ code: CloudError.Code, _ message: String) {
        guard let call = pending.removeValue(forKey: id) else { return }
        call.timer.cancel()
        abandoned.insert(id)
        call.continuation.resume(returning: .failure(CloudError(code, message)))
        if abandoned.count > 1000 { broken("owes the answers of \(abandoned.count) calls") }
    }

    private func expire(_ id: Int) {
        guard let call = pending[id] else { return }
        let message = "driver \(program.path) did not answer within \(call.limit.wholeMilliseconds) ms"
        abandon(id, call.changes ? .outcomeUnknown : .unavailable, message)
        // Nothing at all came in all this time: it hangs.
        if lastHeard < call.sent { fail(CloudError(.unavailable, message)) }
    }

    /// The session is over, and the program is ended if it still runs.
    private func fail(_ error: CloudError) {
        end(error)
        process?.cancel()
    }

    private func end(_ error: CloudError) {
        guard ended == nil else { return }
        ended = error
        lines.finish()
        let left = pending
        pending = [:]
        for call in left.values {
            call.timer.cancel()
            let unknown = CloudError(.outcomeUnknown, "it is not known what became of the call: \(error.message)")
            call.continuation.resume(returning: .failure(call.changes ? unknown : error))
        }
    }

    /// Closes the program's input, gives it its grace to end, ends it, and returns when it is gone.
    func stop() async {
        end(CloudError(.cancelled, "the driver was shut down"))
        let killer = Task { [process, grace = program.grace] in
            guard (try? await Task.sleep(for: grace)) != nil else { return }
            process?.cancel()
        }
        await process?.value
        killer.cancel()
    }
}

extension ExternalSession {
    private func run() async {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: program.grace)]
        let environment = program.environment.reduce(into: [Environment.Key: String]()) {
            if let key = Environment.Key(rawValue: $1.key) { $0[key] = $1.value }
        }
        do {
            _ = try await Subprocess.run(
                .path(FilePath(program.path)), arguments: Arguments(program.arguments),
                environment: .custom(environment), platformOptions: options, input: .inputWriter, output: .sequence,
                error: .discarded
            ) { [input, grace = program.grace] execution in
                // The writer ends with the session, whose end also finishes the stream of lines.
                async let written: Void = Self.write(input, to: execution.standardInputWriter)
                try? await read(execution.standardOutput)
                end(CloudError(.unavailable, "driver \(program.path) ended"))
                await written
                await execution.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: grace)])
            }
        } catch {
            end(CloudError(.brokenDriver, "driver \(program.path) cannot be run: is it there, and may it be executed?"))
        }
    }

    private static func write(_ lines: AsyncStream<[UInt8]>, to writer: StandardInputWriter) async {
        for await line in lines {
            // A program that is gone is seen by its output's end.
            guard (try? await writer.write(line)) != nil else { break }
        }
        try? await writer.finish()
    }

    private func read(_ output: SubprocessOutputSequence) async throws {
        var line: [UInt8] = []
        for try await piece in output {
            for byte in piece.withUnsafeBytes({ Array($0) }) {
                if byte == UInt8(ascii: "\n") {
                    receive(line)
                    line.removeAll(keepingCapacity: true)
                } else {
                    line.append(byte)
                }
                if line.count > program.lineLimit { broken("wrote a line of more than \(program.lineLimit) bytes") }
                if ended?.code == .brokenDriver { return }
            }
        }
    }

    private func broken(_ what: String) { fail(CloudError(.brokenDriver, "driver \(program.path) \(what)")) }

    private func receive(_ line: [UInt8]) {
        lastHeard = .now
        let limits = JSONLimits(size: program.lineLimit, depth: 32)
        guard let answer = (try? JSONValue.parse(line, limits: limits))?.objectValue else {
            return broken("wrote a line that is no JSON object")
        }
        guard let id = answer["id"]?.integerValue.flatMap({ Int(exactly: $0) }) else {
            return broken("wrote an answer without an id")
        }
        if abandoned.remove(id) != nil { return }
        guard let call = pending[id] else { return broken("answered call \(id), which was not asked") }
        let result: Result<JSONObject, CloudError>
        switch (answer["ok"]?.objectValue, answer["error"]?.objectValue) {
        case (let ok?, nil): result = .success(ok)
        case (nil, let error?):
            guard let error = CloudError(external: error, cleaned: program.cleaned) else {
                return broken("answered call \(id) with an error of no known code")
            }
            result = .failure(error)
        default: return broken("answered call \(id) with neither ok nor error, or with both")
        }
        pending[id] = nil
        call.timer.cancel()
        call.continuation.resume(returning: result)
    }
}
