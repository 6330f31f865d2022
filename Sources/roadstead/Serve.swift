import ArgumentParser
import Foundation
import Logging
import RoadsteadBasics
import RoadsteadServer

/// `roadstead serve`: the control plane, until it is stopped.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the control plane.",
        discussion: """
            The first start makes the user 'admin': with the password in ROADSTEAD_ADMIN_PASSWORD, or with a generated \
            one that is printed once. Secrets are sealed with the key in ROADSTEAD_KEY (32 bytes in base64), or with \
            that in roadstead.key of the data directory, which is made when it is missing: keep a copy of it elsewhere.
            """)

    @Option(help: ArgumentHelp("Where the database and the key are.", valueName: "directory"))
    var data: String?

    @Option(help: ArgumentHelp("Where to listen.", valueName: "address:port"))
    var listen = ServerConfiguration.defaultListen

    @Option(
        name: .customLong("trusted-proxy"),
        help: ArgumentHelp(
            """
            A range of addresses whose x-forwarded-*, x-real-ip and nuvla-authn-info headers are believed; may be given \
            more than once.
            """, valueName: "cidr"))
    var trustedProxies: [String] = []

    @Option(help: "How much to log: trace, debug, info, notice, warning, error or critical.")
    var logLevel = Logger.Level.info

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let configuration = try ServerConfiguration(
            dataDirectory: data, listen: listen, trustedProxies: trustedProxies, environment: environment)
        var logger = Logger(label: "roadstead", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = logLevel
        let server = RoadsteadServer(configuration: configuration, logger: logger)
        try await server.run { started in Self.announce(started, directory: configuration.dataDirectory) }
    }

    /// On standard output, so that it can be told from the log on standard error.
    private static func announce(_ started: RoadsteadServer.Started, directory: String) {
        let host = started.host.contains(":") ? "[\(started.host)]" : started.host
        var lines = ["Roadstead listens on http://\(host):\(started.port), data in \(directory)"]
        if let password = started.generatedPassword {
            lines.append("The user 'admin' has been made with the password \(password.exposed) (shown this once)")
        }
        FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
