import DockerAPI
import DockerClient
import Foundation
import NIOCore
import RoadsteadBasics

extension EngineContract {
    static let containers: [EngineContract] = [
        EngineContract("a container runs, is waited for, shows its log and exit code, and is removed") { subject in
            let client = subject.client
            try await withContainer(subject, "once", "echo hi; echo oh >&2; exit 3") { id in
                let exit = try await client.waitForContainer(id)
                try require(exit.statusCode == 3, "\(exit)")
                let entries = try await collect(client.containerLogs(id))
                try require(Set(entries.map(\.text)) == ["hi", "oh"], "\(entries)")
                let container = try await client.container(id)
                try require(container.state?.exitCode == 3 && container.state?.running == false, "\(container)")
                try require(try await !client.containers().contains { $0.id == id }, "an ended one is listed")
                try require(try await client.containers(all: true).contains { $0.id == id }, "not listed")
            }
        },
        EngineContract("a container without its image is refused") { subject in
            let error = try await failure("no image") {
                _ = try await subject.client.createContainer(ContainerConfig(image: "nothing-here:1"))
            }
            try require(error.isNotFound && error.message.contains("No such image"), "\(error)")
        },
        EngineContract("a command in a container gives both streams and its exit code") { subject in
            let client = subject.client
            try await withContainer(subject, "exec", "sleep 600") { id in
                let command = ExecCreate(["sh", "-c", "echo out; echo err >&2; exit 7"])
                let result = try await client.run(in: id, command)
                try require(String(buffer: result.stdout) == "out\n", "\(result)")
                try require(String(buffer: result.stderr) == "err\n", "\(result)")
                try require(result.exitCode == 7, "\(result)")
            }
        },
        EngineContract("a command reads its input until it is ended, and its output goes on") { subject in
            let client = subject.client
            try await withContainer(subject, "cat", "sleep 600") { id in
                let result = try await client.exec(in: id, ExecCreate(["cat"], attachStdin: true)) { session in
                    try await session.write(ByteBuffer(string: "first\n"))
                    var text = ""
                    for try await piece in session.output {
                        text += String(buffer: piece.bytes)
                        guard text == "first\n" else { continue }
                        try await session.write(ByteBuffer(string: "second\n"))
                        session.finishInput()
                    }
                    return text
                }
                try require(result.value == "first\nsecond\n", result.value.debugDescription)
                try require(result.exitCode == 0, "\(result.exitCode)")
            }
        },
        EngineContract("a command on a TTY has one stream without frames, and takes a size") { subject in
            let client = subject.client
            try await withContainer(subject, "tty", "sleep 600") { id in
                let result = try await client.exec(in: id, ExecCreate(["sh", "-c", "echo out"], tty: true)) { session in
                    var text = ""
                    for try await piece in session.output { text += String(buffer: piece.bytes) }
                    return text
                }
                try require(result.value == "out\r\n", result.value.debugDescription)
            }
        },
        EngineContract("a command for a container that is not there is not found") { subject in
            let error = try await failure("no container") {
                _ = try await subject.client.run(in: "nothing-here", ExecCreate(["true"]))
            }
            try require(error.isNotFound, "\(error)")
        },
        EngineContract("a container's main process is attached to") { subject in
            let client = subject.client
            try await withContainer(subject, "attach", "cat", stdin: true) { id in
                let text = try await client.attach(to: id) { session in
                    try await session.write(ByteBuffer(string: "hello\n"))
                    session.finishInput()
                    var text = ""
                    for try await piece in session.output { text += String(buffer: piece.bytes) }
                    return text
                }
                try require(text == "hello\n", text.debugDescription)
            }
        },
        EngineContract("an image is tagged, described and untagged") { subject in
            let client = subject.client
            let tag = subject.prefix + "/copy:1"
            try await client.tagImage(subject.image, as: tag)
            try await cleaning {
                try await client.removeImage(tag)
            } after: {
                let (image, copy) = (try await client.image(subject.image), try await client.image(tag))
                try require(image.id == copy.id && copy.os == "linux", "\(copy)")
            }
        },
    ]

    private static func withContainer(
        _ subject: Subject, _ name: String, _ script: String, stdin: Bool = false,
        _ body: (String) async throws -> Void
    ) async throws {
        var config = ContainerConfig(image: subject.image, cmd: ["sh", "-c", script])
        config.hostConfig = HostConfig(networkMode: "none")
        (config.openStdin, config.stdinOnce, config.attachStdin) = (stdin, stdin, stdin)
        let id = try await subject.client.createContainer(config, name: subject.prefix + "-" + name)
        try await cleaning {
            try await subject.client.removeContainer(id, force: true)
        } after: {
            try await subject.client.startContainer(id)
            try await body(id)
        }
    }
}
