import Foundation
import RoadsteadBasics

/// A host that is entered by OpenSSH's client, over one connection that all commands share (ssh_config(5), ControlMaster).
///
/// Close it at the end: that ends the connection and removes the private keys that were written for it. After a crash of
/// this process the connection ends by itself two minutes after its last command.
public actor RemoteHost {
    public nonisolated let login: HostLogin
    private nonisolated let folder: ConnectionFolder
    private var connecting: Task<Void, any Error>?
    private var connected = false
    private var rootWay: RootWay?

    private enum RootWay { case isRoot, sudo }

    /// Writes the files of the connection; the host is not asked yet. Throws `localFault`.
    public init(_ login: HostLogin) throws(RemoteHostError) {
        self.login = login
        folder = try ConnectionFolder(login)
    }

    /// Where `close` was forgotten, the keys are gone all the same.
    deinit { folder.remove() }

    /// Runs `body` with a host and closes it afterwards.
    public static func with<Value: Sendable>(
        _ login: HostLogin, _ body: (RemoteHost) async throws -> Value
    ) async throws -> Value {
        let host = try RemoteHost(login)
        do {
            let value = try await body(host)
            await host.close()
            return value
        } catch {
            await host.close()
            throw error
        }
    }

    /// The keys that the host is known by from now on: after a first contact, the one that it showed.
    public nonisolated func hostKeys() -> [HostKey] { folder.hostKeys(of: SSHConfiguration.target) }

    /// The same of the jump host.
    public nonisolated func jumpHostKeys() -> [HostKey] { folder.hostKeys(of: SSHConfiguration.jump) }

    // MARK: - Connection

    /// Makes the connection where it is not there. Each command does so itself.
    public func connect() async throws(RemoteHostError) {
        if connected { return }
        // One login for all that wait for it; it goes on when the first of them is cancelled.
        let task = connecting ?? Task { try await self.logIn() }
        connecting = task
        do { try await task.value } catch {
            connecting = nil
            throw error as? RemoteHostError ?? RemoteHostError(.localFault, "\(error)", host: name)
        }
        connecting = nil
        connected = true
    }

    private func logIn() async throws(RemoteHostError) {
        let outcome = try await process(
            ["-M", "-N", "-f", SSHConfiguration.target], input: [], timeLimit: .seconds(60), outputLimit: 1 << 16
        ).run(host: name)
        if outcome.stop == .timeLimit {
            throw RemoteHostError(.connectTimedOut, "\(name) took more than 60 s to let us in", host: name)
        }
        guard outcome.result.status == 0 else {
            throw SSHFailure.error(outcome.result.errorText, login: login, begun: false)
        }
    }

    /// Ends the connection and removes its files. Idempotent; a command that is still running loses its connection.
    public func close() async {
        if connected {
            connected = false
            _ = try? await process(
                ["-O", "exit", SSHConfiguration.target], input: [], timeLimit: .seconds(10), outputLimit: 1 << 16
            ).run(host: name)
        }
        folder.remove()
    }

    nonisolated var name: String { "\(login.address)" }

    private nonisolated func process(
        _ arguments: [String], input: [UInt8], timeLimit: Duration, outputLimit: Int
    ) -> SSHProcess {
        var environment = ["LC_ALL": "C"]
        if login.authentication.passphrase != nil || login.jump?.authentication?.passphrase != nil {
            environment["SSH_ASKPASS"] = folder.path + "/askpass"
            environment["SSH_ASKPASS_REQUIRE"] = "force"
        }
        return SSHProcess(
            arguments: ["-F", folder.path + "/config"] + arguments, environment: environment, input: input,
            timeLimit: timeLimit, outputLimit: outputLimit)
    }

    // MARK: - Commands

    /// Runs a command and gives its result whatever its status is; 255 is told as 254. Throws all but `commandFailed`.
    public func run(_ command: RemoteCommand) async throws(RemoteHostError) -> RemoteResult {
        try await follow(command, line: nil)
    }

    /// Runs a command and throws `commandFailed` with the last lines of its standard error unless its status is 0.
    @discardableResult
    public func succeed(_ command: RemoteCommand) async throws(RemoteHostError) -> RemoteResult {
        let result = try await run(command)
        guard result.status == 0 else { throw failure(of: result) }
        return result
    }

    /// Runs a long command and hands over each line of its standard output as it comes; the next is read when `line`
    /// returns. A line longer than the command's `outputLimit` is `tooMuchOutput`.
    @discardableResult
    public func stream(
        _ command: RemoteCommand, line: @escaping @Sendable (String) async -> Void
    ) async throws(RemoteHostError) -> RemoteResult {
        try await follow(command, line: line)
    }

    private func follow(
        _ command: RemoteCommand, line: (@Sendable (String) async -> Void)?
    ) async throws(RemoteHostError) -> RemoteResult {
        try await connect()
        let sudo = command.asRoot ? try await needsSudo() : false
        let outcome = try await send(
            command.remoteText(sudo: sudo), input: command.input, timeLimit: command.timeLimit,
            outputLimit: command.outputLimit, line: line)
        switch outcome.stop {
        case .timeLimit?:
            throw RemoteHostError(
                .timedOut, "a command on \(name) did not end in \(command.timeLimit.components.seconds) s", host: name)
        case .outputLimit?:
            throw RemoteHostError(
                .tooMuchOutput, "a command on \(name) wrote more than \(command.outputLimit) bytes", host: name)
        case nil: return outcome.result
        }
    }

    private func send(
        _ text: String, input: [UInt8], timeLimit: Duration, outputLimit: Int,
        line: (@Sendable (String) async -> Void)? = nil
    ) async throws(RemoteHostError) -> SSHProcess.Outcome {
        let outcome = try await process(
            [SSHConfiguration.target, text], input: input, timeLimit: timeLimit, outputLimit: outputLimit
        ).run(host: name, line: line)
        guard outcome.stop == nil, outcome.result.status == 255 else { return outcome }
        // The next command logs in anew.
        connected = false
        throw SSHFailure.error(outcome.result.errorText, login: login, begun: true)
    }

    /// Found out once: whether the login is root, or how it becomes root.
    private func needsSudo() async throws(RemoteHostError) -> Bool {
        if let rootWay { return rootWay == .sudo }
        let probe = RemoteCommand("[ \"$(id -u)\" = 0 ] && echo root || sudo -n true")
        let outcome = try await send(
            probe.remoteText(sudo: false), input: [], timeLimit: .seconds(30), outputLimit: 1 << 16)
        guard outcome.stop == nil, outcome.result.status == 0 else {
            throw SudoRefusal.error(outcome.result, user: login.user, host: name)
        }
        let way: RootWay = outcome.result.outputText.hasPrefix("root") ? .isRoot : .sudo
        rootWay = way
        return way == .sudo
    }

    nonisolated func failure(of result: RemoteResult) -> RemoteHostError {
        let words = result.lastWords
        return RemoteHostError(
            .commandFailed(status: result.status),
            "a command on \(name) ended with status \(result.status)" + (words.isEmpty ? "" : ": \(words)"), host: name)
    }
}
