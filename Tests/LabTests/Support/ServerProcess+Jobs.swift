import Foundation
import FoundationNetworking
import Glibc
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// For tests that follow a job and kill the server in the midst of it; curl is logged in before (`loginForHTTP`).
extension ServerProcess {
    func document(_ id: String) async throws -> JSONValue { try JSONValue.parse(try await http(id).body) }

    func send(_ method: String, _ path: String, _ body: JSONValue) async throws -> JSONValue {
        let answer = try await http(path, ["-X", method, "-H", "Content-Type: application/json", "-d", body.text()])
        return (try? JSONValue.parse(answer.body)) ?? .null
    }

    /// Kills and starts the server again when `isThere` holds for the job's document; false when the job was faster.
    ///
    /// It looks over one connection that stays open: a curl for each look takes longer than some moments last.
    func kill(whenJob job: String, _ isThere: (JSONValue) -> Bool) async throws -> Bool {
        let session = URLSession(configuration: .ephemeral)
        defer { session.invalidateAndCancel() }
        var request = URLRequest(url: try #require(URL(string: "\(url)/api/\(job)")))
        request.setValue(try cookies(), forHTTPHeaderField: "Cookie")
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            let text = String(decoding: try await session.data(for: request).0, as: UTF8.self)
            guard let document = try? JSONValue.parse(text) else { continue }
            if Self.isEnded(document) { return false }
            if isThere(document) {
                kill(SIGKILL)
                try await start()
                return true
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw RoadsteadError(.timeout, "\(job) never came there, nor to an end")
    }

    /// The job's document after its end.
    func end(ofJob job: String) async throws -> JSONValue {
        for _ in 0..<600 {
            if let document = try? await document(job), Self.isEnded(document) { return document }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw RoadsteadError(.timeout, "\(job) did not end")
    }

    private static func isEnded(_ job: JSONValue) -> Bool {
        ["SUCCESS", "FAILED", "CANCELED"].contains(job["state"]?.stringValue ?? "")
    }

    /// Those of curl's jar, as a header: seven columns, the last two are name and value.
    private func cookies() throws -> String {
        try String(contentsOfFile: folder.file("cookies"), encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: "\t") }.filter { $0.count == 7 }.map { "\($0[5])=\($0[6])" }
            .joined(separator: "; ")
    }
}
