import DockerClient

/// One frame of a multiplexed stream.
public enum FakeFrame {
    public static func make(_ stream: OutputStream, _ text: some StringProtocol) -> [UInt8] {
        make(stream, Array(text.utf8))
    }

    public static func make(_ stream: OutputStream, _ bytes: [UInt8]) -> [UInt8] {
        let count = UInt32(bytes.count)
        return [stream.rawValue, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } + bytes
    }
}

/// As much of a shell as the contract needs: `cat`, `echo TEXT`, `echo TEXT >&2`, `exit N`, `sleep N`, joined by `;`,
/// behind `sh -c` or bare.
struct FakeCommand: Sendable {
    var output: [(stream: OutputStream, text: String)] = []
    var exitCode = 0
    var isEndless = false
    var isCat = false

    init(_ words: [String]) {
        let line = words.count > 2 && words[1] == "-c" ? words[2] : words.joined(separator: " ")
        for part in line.split(separator: ";") {
            let step = part.split(separator: " ").map(String.init)
            switch step.first {
            case "cat": isCat = true
            case "sleep", "top": isEndless = true
            case "exit": exitCode = step.dropFirst().first.flatMap { Int($0) } ?? 0
            case "echo" where step.last == ">&2":
                output.append((.stderr, step.dropFirst().dropLast().joined(separator: " ")))
            case "echo": output.append((.stdout, step.dropFirst().joined(separator: " ")))
            default: exitCode = 127
            }
        }
    }

    func run(on connection: FakeConnection, isFramed: Bool) async throws {
        func send(_ stream: OutputStream, _ bytes: [UInt8]) async throws {
            try await connection.write(isFramed ? FakeFrame.make(stream, bytes) : bytes)
        }
        for line in output { try await send(line.stream, Array((line.text + (isFramed ? "\n" : "\r\n")).utf8)) }
        guard isCat else { return }
        if !connection.rest.isEmpty { try await send(.stdout, connection.rest) }
        while let bytes = try await connection.read() { try await send(.stdout, bytes) }
    }
}
