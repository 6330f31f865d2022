import Foundation
import HTTPCalls
import Logging
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit

/// The process of `ec2_double.py`: one for all tests, which ends with this one because its input does.
final class EC2Double: Sendable {
    struct Missing: Error, CustomStringConvertible {
        let description = "the doubles of clouds are not there (.build/doubles); run Scripts/doubles"
    }

    let endpoint: String
    private let caller: HTTPCaller
    private let input: Pipe

    static let shared = Task { try await EC2Double() }

    private init() async throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let python = root.appending(path: ".build/doubles/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: python) else { throw Missing() }
        let file = FileManager.default.temporaryDirectory.appending(path: "ec2-double-\(UUID().uuidString)").path
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [here.appending(path: "ec2_double.py").path, file]
        input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await until("the double of EC2 to listen") { FileManager.default.fileExists(atPath: file) }
        endpoint = "http://127.0.0.1:" + (try String(contentsOfFile: file, encoding: .utf8))
        try FileManager.default.removeItem(atPath: file)
        caller = try HTTPCaller(logger: Logger(label: "test"))
    }

    func driver(key: String, secret: String = "right", pageSize: Int = 500) throws -> AmazonEC2Driver {
        try AmazonEC2Driver(
            credential: AmazonEC2Credential(
                accessKey: key, secretKey: Redacted(secret), region: "us-east-1", endpoint: endpoint),
            pageSize: pageSize, logger: Logger(label: "test"))
    }

    /// The next such call of this key goes wrong.
    func inject(_ fault: String, _ action: String, key: String, seconds: Int64 = 0) async throws {
        _ = try await caller.send(
            "POST", "\(endpoint)/faults?key=\(key)&action=\(action)&fault=\(fault)&seconds=\(seconds)", body: [])
    }
}
