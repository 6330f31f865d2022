import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import RoadsteadModel

/// What the operations of clusters work with, as the server is set up.
public struct ClusterTools: Sendable {
    public var drivers: ClusterDrivers
    /// The way to hosts and Swarms.
    public var outside: any ClusterOutside
    /// CIDRs from which machines are reached by this server; empty: found out at the first SSH connection.
    public var publicAddresses: [String]
    public var patience: CloudPatience
    /// Where Docker's own packages come from.
    public var dockerPackages = PackageRepository.docker
    public var steps: StepGraphOptions

    public init(
        drivers: ClusterDrivers = ClusterDrivers(), outside: any ClusterOutside = ClusterReach(),
        publicAddresses: [String] = [], patience: CloudPatience = CloudPatience(),
        steps: StepGraphOptions = Self.usualSteps
    ) {
        (self.drivers, self.outside, self.publicAddresses) = (drivers, outside, publicAddresses)
        (self.patience, self.steps) = (patience, steps)
    }

    /// Most steps of a large cluster wait for machines that boot.
    public static var usualSteps: StepGraphOptions {
        var options = StepGraphOptions()
        options.concurrency = 300
        // It waits for a host by itself: five times that would be most of an hour.
        options.kindAttempts = [ClusterSteps.Kind.ssh.rawValue: 2]
        return options
    }
}

extension ClusterTools {
    /// From the server's environment: `ROADSTEAD_PUBLIC_ADDRESS`, `ROADSTEAD_DRIVERS`, `ROADSTEAD_DRIVER_ENDPOINT_<DRIVER>`
    /// and `ROADSTEAD_DOCKER_PACKAGES`. Throws `invalidInput`, naming the variable.
    public init(environment: [String: String]) throws(RoadsteadError) {
        self.init(drivers: try ClusterDrivers(environment: environment))
        dockerPackages = try PackageRepository(environment: environment)
        let name = "ROADSTEAD_PUBLIC_ADDRESS"
        for text in (environment[name] ?? "").split(whereSeparator: { ", ".contains($0) }).map(String.init) {
            guard let range = try? CIDR(text), !range.hasHostBits else {
                throw RoadsteadError(
                    .invalidInput, "\(name) holds '\(text.prefix(100))'; give addresses, or ranges as 192.0.2.0/28")
            }
            publicAddresses.append(text.contains("/") ? text : "\(text)/\(range.bits)")
        }
    }
}
