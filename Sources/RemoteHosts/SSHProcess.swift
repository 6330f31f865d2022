import Foundation
import Subprocess

#if canImport(Glibc)
    import Glibc
#endif

/// One run of OpenSSH's client: its input, its bounded output, its end.
struct SSHProcess: Sendable {
    /// Why the client was ended from here.
    enum Stop: Sendable { case timeLimit, outputLimit }

    struct Outcome: Sendable {
        var result: RemoteResult
        var stop: Stop?
    }

    var arguments: [String]
    var environment: [String: String]
    var input: [UInt8]
    var timeLimit: Duration
    var outputLimit: Int

    /// A client that ended early leaves a pipe without a reader, and the signal would end this process.
    private static let pipesAreQuiet: Bool = {
        signal(SIGPIPE, SIG_IGN)
        return true
    }()

    private enum Part: Sendable {
        case output([UInt8]), error([UInt8]), written, late
    }

    /// `line` gets each line of standard output as it comes; the output is not kept then.
    func run(host: String, line: (@Sendable (String) async -> Void)? = nil) async throws(RemoteHostError) -> Outcome {
        _ = Self.pipesAreQuiet
        var options = PlatformOptions()
        options.teardownSequence = [.send(signal: .terminate, allowedDurationToNextStep: .seconds(1))]
        let variables = Dictionary(
            uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), Optional($0.value)) })
        do {
            let ended = try await Subprocess.run(
                .name("ssh"), arguments: Arguments(arguments), environment: .inherit.updating(variables),
                platformOptions: options, input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                try await follow(
                    writer: execution.standardInputWriter, output: execution.standardOutput,
                    error: execution.standardError, line: line
                ) { try? execution.send(signal: .kill) }
            }
            if Task.isCancelled { throw RemoteHostError(.cancelled, "the command was cancelled", host: host) }
            var outcome = ended.closureResult
            outcome.result.status =
                switch ended.terminationStatus {
                case .exited(let code): Int(code)
                case .signaled: 255
                }
            return outcome
        } catch let error as RemoteHostError {
            throw error
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw RemoteHostError(.localFault, "there is no 'ssh' here: install OpenSSH's client", host: host)
        } catch {
            if Task.isCancelled || error is CancellationError {
                throw RemoteHostError(.cancelled, "the command was cancelled", host: host)
            }
            throw RemoteHostError(.localFault, "ssh could not be run: \(error)", host: host)
        }
    }

    private func follow(
        writer: StandardInputWriter, output: SubprocessOutputSequence, error: SubprocessOutputSequence,
        line: (@Sendable (String) async -> Void)?, kill: @Sendable () -> Void
    ) async throws -> Outcome {
        let (input, limit, time) = (input, outputLimit, timeLimit)
        return try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask {
                // A client that ends early does not read to the end; its status says why.
                if !input.isEmpty { _ = try? await writer.write(input) }
                try? await writer.finish()
                return .written
            }
            group.addTask { .output(try await Self.collect(output, limit: limit, line: line)) }
            group.addTask { .error(try await Self.collect(error, limit: limit, line: nil)) }
            group.addTask {
                try? await Task.sleep(for: time)
                return .late
            }
            var outcome = Outcome(result: RemoteResult(status: 0, output: [], error: []))
            var open = 2
            while open > 0 {
                do {
                    switch try await group.next() {
                    case .output(let bytes)?: (outcome.result.output, open) = (bytes, open - 1)
                    case .error(let bytes)?: (outcome.result.error, open) = (bytes, open - 1)
                    case .late? where !Task.isCancelled:
                        outcome.stop = outcome.stop ?? .timeLimit
                        kill()
                    case .written?, .late?: break
                    case nil: open = 0
                    }
                } catch is TooMuchOutput {
                    outcome.stop = .outputLimit
                    open -= 1
                    kill()
                }
            }
            group.cancelAll()
            return outcome
        }
    }

    private struct TooMuchOutput: Error {}

    private static func collect(
        _ parts: SubprocessOutputSequence, limit: Int, line: (@Sendable (String) async -> Void)?
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in parts {
            part.withUnsafeBytes { bytes.append(contentsOf: $0) }
            if let line {
                while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                    await line(String(decoding: bytes[..<end], as: UTF8.self))
                    bytes.removeSubrange(...end)
                }
            }
            if bytes.count > limit { throw TooMuchOutput() }
        }
        if let line, !bytes.isEmpty { await line(String(decoding: bytes, as: UTF8.self)) }
        return bytes
    }
}
