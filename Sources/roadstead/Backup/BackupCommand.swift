import ArgumentParser
import Foundation
import Logging
import RoadsteadBasics
import RoadsteadCLI
import RoadsteadServer

/// `roadstead backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy a server's whole store into one file, and back.",
        discussion: """
            A backup is made beside a running server and shows one moment of it:
              roadstead backup create roadstead.backup --data /var/lib/roadstead
              roadstead backup verify roadstead.backup
              roadstead backup restore roadstead.backup --data /srv/roadstead
            Secrets in it are sealed. With --with-key the server's key goes along under a passphrase; without it keep \
            a copy of roadstead.key elsewhere, or the secrets are lost with the machine.
            """, subcommands: [BackupCreate.self, BackupVerify.self, BackupRestore.self])
}

/// The options that all of them share.
struct BackupPassphrase: ParsableArguments {
    @Flag(help: "Read the passphrase from standard input (or set ROADSTEAD_BACKUP_PASSPHRASE).")
    var passphraseStdin = false

    static let variable = "ROADSTEAD_BACKUP_PASSPHRASE"

    func read() async throws -> Redacted<String> {
        let source = SecretSource(
            what: "passphrase", variable: Self.variable, flag: "--passphrase-stdin",
            question: "Passphrase of the backup's key")
        return try await source.read(fromInput: passphraseStdin)
    }

    /// nil when none was given: then nobody is asked.
    func readIfGiven() async throws -> Redacted<String>? {
        let isSet = ProcessInfo.processInfo.environment[Self.variable]?.isEmpty == false
        return passphraseStdin || isSet ? try await read() : nil
    }
}

/// `roadstead backup create FILE`
struct BackupCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Copy the store of a server, running or not, into a new file.")

    @Argument(help: "The file to make; it must not exist.")
    var file: String

    @Option(help: ArgumentHelp("The server's data directory.", valueName: "directory"))
    var data: String?

    @Flag(help: "Take the server's key along, under a passphrase.")
    var withKey = false

    @OptionGroup var passphrase: BackupPassphrase

    func run() async throws {
        let secret = withKey ? try await passphrase.read() : nil
        let backup = try ServerBackup(
            dataDirectory: data, environment: ProcessInfo.processInfo.environment, logger: BackupText.logger)
        let report = try await backup.create(file, passphrase: secret)
        var lines = ["Made \(file): " + BackupText.facts(report)]
        if !report.hasKey { lines.append("The key \(backup.keyPath) is not in it; keep a copy of that elsewhere.") }
        BackupText.write(lines)
    }
}

/// `roadstead backup verify FILE`
struct BackupVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read a whole backup and say what it holds.")

    @Argument(help: "The file.")
    var file: String

    @OptionGroup var passphrase: BackupPassphrase

    func run() async throws {
        let secret = try await passphrase.readIfGiven()
        let report = try await ServerBackup.verify(file, passphrase: secret)
        var lines = ["\(file) is good: " + BackupText.facts(report)]
        switch (report.hasKey, secret != nil) {
        case (true, true): lines.append("The passphrase opens the key in it.")
        case (true, false): lines.append("The server's key is in it, under a passphrase.")
        case (false, _): lines.append("The server's key is not in it; a restore needs roadstead.key of the server.")
        }
        BackupText.write(lines)
    }
}

/// `roadstead backup restore FILE`
struct BackupRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make the data directory of a server from a backup.")

    @Argument(help: "The file.")
    var file: String

    @Option(help: ArgumentHelp("The data directory to make; no store may be in it.", valueName: "directory"))
    var data: String?

    @OptionGroup var passphrase: BackupPassphrase

    func run() async throws {
        let backup = try ServerBackup(
            dataDirectory: data, environment: ProcessInfo.processInfo.environment, logger: BackupText.logger)
        let report = try await backup.restore(file) { try await passphrase.read() }
        var lines = ["Restored \(file): " + BackupText.facts(report)]
        if report.opensSecrets == false {
            lines.append(
                "Its secrets are sealed with a key that is not here: put roadstead.key of the old server to "
                    + "\(backup.keyPath) (mode 600), or set ROADSTEAD_KEY, before the server is started.")
        }
        BackupText.write(lines)
    }
}

/// How backups are told of.
enum BackupText {
    static var logger: Logger {
        var logger = Logger(label: "roadstead", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .warning
        return logger
    }

    static func facts(_ report: BackupReport) -> String {
        let size = report.bytes < 10_000_000 ? "\(report.bytes / 1000) kB" : "\(report.bytes / 1_000_000) MB"
        return "\(report.documents) documents of \(report.created), format \(report.formatVersion), \(size)."
    }

    static func write(_ lines: [String]) {
        FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}
