import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoadsteadBasics
import Testing

extension TestServer {
    /// A cookie with the rights of an administrator.
    func admin() async throws -> String {
        let cookie = try await login()
        let sessions = try await send(.GET, "/api/session", cookie: cookie)
        let id = try #require(sessions.json["resources"]?.arrayValue?.first?["id"]?.stringValue)
        let claim = #"{"claim":"group/nuvla-admin"}"#
        return try cookieText(try await send(.POST, "/api/\(id)/switch-group", claim, cookie: cookie))
    }

    /// Makes an ordinary user and logs in as it.
    func user(_ name: String) async throws -> String {
        let made = try await send(
            .POST, "/api/user",
            """
            {"template":{"href":"user-template/username-password","username":"\(name)","password":"\(Self.password)"}}
            """, cookie: try await admin())
        try #require(made.status == 201, "\(made.text)")
        let body = """
            {"template":{"href":"session-template/password","username":"\(name)","password":"\(Self.password)"}}
            """
        return try cookieText(try await send(.POST, "/api/session", body))
    }

    private func cookieText(_ answer: Answer) throws -> String {
        let cookie = try #require(answer.headers.first(name: "set-cookie"), "\(answer.text)")
        return try #require(cookie.split(separator: ";").first.map(String.init))
    }

    /// Adds and returns the id.
    func add(_ type: String, _ body: String, cookie: String) async throws -> String {
        let answer = try await send(.POST, "/api/" + type, body, cookie: cookie)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json["resource-id"]?.stringValue)
    }

    func addService(_ name: String = "lab", cookie: String) async throws -> String {
        try await add(
            "infrastructure-service",
            """
            {"name":"\(name)","template":{"href":"infrastructure-service-template/generic","subtype":"swarm",\
            "endpoint":"https://203.0.113.9:2376"}}
            """, cookie: cookie)
    }

    func addEvent(cookie: String, severity: String = "low") async throws -> String {
        try await add(
            "event", #"{"category":"user","severity":"\#(severity)","content":{"resource":{"href":"user/x"}}}"#,
            cookie: cookie)
    }

    /// A request whose body is no text.
    func send(
        _ method: HTTPMethod, _ path: String, bytes: [UInt8], cookie: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if let cookie { request.headers.add(name: "cookie", value: cookie) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: bytes))
        let response = try await client.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 24)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: body))
    }

    /// What Debian's gzip makes of the bytes: not our own code is the judge.
    static func gzip(_ bytes: [UInt8]) async throws -> [UInt8] {
        try await Tool.run("/bin/gzip", ["-c"], input: bytes)
    }
}

/// Runs a program of the system on a thread that may wait.
enum Tool {
    static func run(_ path: String, _ arguments: [String], input: [UInt8]) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try wait(path, arguments, input) }) }
        }
    }

    private static func wait(_ path: String, _ arguments: [String], _ input: [UInt8]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "in")
        try Data(input).write(to: file)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw RoadsteadError(.internal, "\(path) failed") }
        return Array(bytes)
    }
}
