import ArgumentParser
import Dispatch
import Foundation
import RoadsteadBasics

/// Runs a program in our own place at the terminal: in our process group and with our input and output, so that Ctrl-C,
/// Ctrl-Z and questions work as if the shell had started it. (Foundation's Process makes a group of its own, which may not
/// read from the terminal.)
enum TerminalProgram {
    /// How it ended: its exit status, or 128 and the signal's number, as shells have it.
    struct Status: Sendable, Equatable {
        var code: Int32

        /// Ends the command with that status unless it is 0.
        func end() throws {
            guard code == 0 else { throw ExitCode(code) }
        }
    }

    /// The program is looked for in PATH. Throws unavailable when it is not there.
    static func run(_ words: [String], environment: [String: String] = [:]) async throws -> Status {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let guardian = SignalGuardian()
        defer { guardian.end() }
        return try await BlockingWork.run {
            let process = try start(words, variables)
            guardian.protect(process)
            return wait(process)
        }
    }

    private static func start(_ words: [String], _ variables: [String: String]) throws(RoadsteadError) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in SignalGuardian.all + [SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // The thread that we are on blocks all signals, and a program would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let arguments = words.map { strdup($0) } + [nil]
        let environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        var process = pid_t()
        let failure = posix_spawnp(&process, words[0], nil, &attributes, arguments, environment)
        guard failure == 0 else {
            let why = failure == ENOENT ? "it is not installed here" : String(cString: strerror(failure))
            throw RoadsteadError(.unavailable, "cannot run \(words[0]): \(why)")
        }
        return process
    }

    private static func wait(_ process: pid_t) -> Status {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return Status(code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
    }
}

/// Sees to it that we outlive the program that has the terminal, and clean up behind it: Ctrl-C is the program's, and a
/// signal that is meant to end us ends it first.
private final class SignalGuardian: @unchecked Sendable {
    static let keys = [SIGINT, SIGQUIT]
    static let ends = [SIGTERM, SIGHUP]
    static var all: [Int32] { keys + ends }

    // Written once, before the sources are resumed, and read by them only.
    private var sources: [any DispatchSourceSignal] = []

    init() { Self.all.forEach { signal($0, SIG_IGN) } }

    func protect(_ process: pid_t) {
        sources = Self.ends.map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler { kill(process, signal) }
            source.resume()
            return source
        }
    }

    func end() {
        sources.forEach { $0.cancel() }
        Self.all.forEach { signal($0, SIG_DFL) }
    }
}
