import Foundation
import Logging
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadControl
import RoadsteadServer

/// `cluster-benchmark ADDRESS:PORT FOLDER BOOT INSTALL`: the whole server, with its store in FOLDER, whose driver `simulated`
/// makes machines that take BOOT seconds to boot at the cloud and INSTALL seconds to get an engine. Serves until it is killed.
@main struct ClusterBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 4, let boot = arguments.dropFirst(2).first.flatMap({ Double($0) }),
            let install = arguments.last.flatMap({ Double($0) })
        else {
            FileHandle.standardError.write(Data("usage: cluster-benchmark ADDRESS:PORT FOLDER BOOT INSTALL\n".utf8))
            exit(2)
        }
        var configuration = try ServerConfiguration(
            dataDirectory: arguments.dropFirst().first, listen: arguments.first ?? "",
            environment: ProcessInfo.processInfo.environment)
        let cloud = SimulatedCloud(SimulatedSettings(bootTime: .seconds(boot)), clock: SystemClock())
        configuration.clusters = ClusterTools(
            drivers: ClusterDrivers(others: ["simulated": { _ in SimulatedDriver(cloud) }]),
            outside: SimulatedReach(install: .seconds(install)))
        var logger = Logger(label: "benchmark")
        logger.logLevel = .warning
        try await RoadsteadServer(configuration: configuration, logger: logger).run { _ in }
    }
}
