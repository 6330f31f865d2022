import DockerAPI
import NIOCore
import NIOHTTP1

/// What a command in a container gave.
public struct ExecResult<Value: Sendable>: Sendable {
    public var value: Value
    public var exitCode: Int
}

/// All that a command wrote.
public struct ExecOutput: Sendable, Hashable {
    public var stdout: ByteBuffer
    public var stderr: ByteBuffer
    public var exitCode: Int
}

extension EngineClient {
    /// Runs a command in a running container and gives its input and output to `body`; then reads the exit code.
    ///
    /// `POST /containers/{id}/exec`, `POST /exec/{id}/start` (hijacked), `GET /exec/{id}/json`. The exit code is -1 when
    /// `body` returned before the command ended: the engine lets such a command run on.
    public func exec<Value: Sendable>(
        in container: String, _ command: ExecCreate,
        _ body: @escaping @Sendable (HijackedSession) async throws -> Value
    ) async throws -> ExecResult<Value> {
        let created: Created = try await post("/containers/\(container)/exec", [:], command)
        let id = created.id
        let start = EngineRequest(
            method: .POST, path: "/exec/\(id)/start", body: try encode(ExecStart(detach: false, tty: command.tty)))
        let value = try await transport.hijack(
            start, version: try await apiVersion(), isFramed: !command.tty, resize: "/exec/\(id)/resize"
        ) { session in
            if !command.attachStdin { session.finishInput() }
            return try await body(session)
        }
        let state: ExecState = try await get("/exec/\(id)/json")
        return ExecResult(value: value, exitCode: state.running ? -1 : state.exitCode ?? -1)
    }

    /// Runs a command and collects what it writes. Throws `limitExceeded` when that is more than `limit` bytes.
    public func run(
        in container: String, _ command: ExecCreate, limit: Int = 1 << 20
    ) async throws(EngineError) -> ExecOutput {
        let place = endpoint.description
        do {
            let result = try await exec(in: container, command) { session in
                var (stdout, stderr) = (ByteBuffer(), ByteBuffer())
                for try await piece in session.output {
                    guard stdout.readableBytes + stderr.readableBytes + piece.bytes.readableBytes <= limit else {
                        throw EngineError(
                            .limitExceeded, "the command wrote more than \(limit) bytes", endpoint: place)
                    }
                    if piece.stream == .stderr {
                        stderr.writeImmutableBuffer(piece.bytes)
                    } else {
                        stdout.writeImmutableBuffer(piece.bytes)
                    }
                }
                return (stdout, stderr)
            }
            return ExecOutput(stdout: result.value.0, stderr: result.value.1, exitCode: result.exitCode)
        } catch { throw await transport.engineError(error, operation: "exec") }
    }

    /// `POST /containers/{id}/attach`: input and output of the container's main process.
    ///
    /// `logs` gives what it wrote before, too. The container must have been created with an open stdin for `write` to
    /// reach it.
    public func attach<Value: Sendable>(
        to container: String, logs: Bool = false, _ body: @escaping @Sendable (HijackedSession) async throws -> Value
    ) async throws -> Value {
        let hasTTY = try await self.container(container).config?.tty ?? false
        let request = EngineRequest(
            method: .POST, path: "/containers/\(container)/attach",
            query: [
                "stream": "true", "stdin": "true", "stdout": "true", "stderr": "true",
                "logs": logs ? "true" : "false",
            ])
        return try await transport.hijack(
            request, version: try await apiVersion(), isFramed: !hasTTY, resize: "/containers/\(container)/resize", body
        )
    }
}

private struct ExecStart: Encodable {
    var detach: Bool
    var tty: Bool

    enum CodingKeys: String, CodingKey {
        case detach = "Detach"
        case tty = "Tty"
    }
}
