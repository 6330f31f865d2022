import DockerClient
import Foundation
import RoadsteadTestKit

/// `fake-engines COUNT`: fake Docker engines on ports of 127.0.0.1, one endpoint a line, until it is killed. For benchmarks
/// that need many Swarms and no containers.
@main struct FakeEngines {
    static func main() async throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await FakeEngine.with(.tcp) { engine in
                        FileHandle.standardOutput.write(Data((engine.endpoint.description + "\n").utf8))
                        try await Task.sleep(for: .seconds(86_400))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
