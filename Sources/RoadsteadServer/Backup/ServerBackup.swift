import Foundation
import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadStore

/// What a backup holds, for people.
public struct BackupReport: Sendable, Hashable {
    public let documents: Int
    public let formatVersion: Int
    public let created: Instant
    public let bytes: Int64
    /// Whether the server's sealing key is in it, under a passphrase.
    public let hasKey: Bool
    /// After a restore: whether secrets can be read there. nil where that was not looked at.
    public var opensSecrets: Bool?
}

/// Backups of a server: its store in one file and, when asked for, its sealing key in the same file under a passphrase.
public struct ServerBackup: Sendable {
    private static let keyNote = "key"

    private let configuration: ServerConfiguration
    private let logger: Logger

    /// `dataDirectory` nil: the usual one.
    public init(dataDirectory: String?, environment: [String: String], logger: Logger) throws(RoadsteadError) {
        configuration = try ServerConfiguration(
            dataDirectory: dataDirectory, listen: ServerConfiguration.defaultListen, environment: environment)
        self.logger = logger
    }

    private var key: ServerKey { ServerKey(path: configuration.keyPath, environment: configuration.environment) }

    /// Where the key is looked for.
    public var keyPath: String { configuration.keyPath }

    /// Copies the store, of a running server too, into a new file. With a passphrase the key goes along.
    ///
    /// Throws notFound when there is no store, or no key to take along; conflict when the file exists.
    public func create(_ file: String, passphrase: Redacted<String>? = nil) async throws -> BackupReport {
        var notes: [String: String] = [:]
        if let passphrase {
            guard let held = try key.find() else {
                throw RoadsteadError(
                    .notFound, "there is no key \(keyPath); set \(SealingKey.environmentName) as for the server itself")
            }
            notes[Self.keyNote] = try await KeyEnvelope.seal(held, passphrase: passphrase)
        }
        let summary = try await StoreBackup.create(from: configuration.databasePath, to: file, notes: notes)
        return Self.report(summary, hasKey: passphrase != nil)
    }

    /// Reads the whole file and, with a passphrase, opens the key in it.
    public static func verify(_ file: String, passphrase: Redacted<String>? = nil) async throws -> BackupReport {
        let summary = try await StoreBackup.verify(file)
        let envelope = try await StoreBackup.note(keyNote, in: file)
        if let passphrase, let envelope { _ = try await KeyEnvelope.open(envelope, passphrase: passphrase) }
        return report(summary, hasKey: envelope != nil)
    }

    /// Makes a data directory of a backup. `passphrase` is asked for when the key is in the file.
    ///
    /// Throws conflict when there is a store or another key already, forbidden for a wrong passphrase. Nothing is
    /// written before all of that is known.
    public func restore(
        _ file: String, passphrase: () async throws -> Redacted<String>
    ) async throws -> BackupReport {
        _ = try await StoreBackup.verify(file)
        let envelope = try await StoreBackup.note(Self.keyNote, in: file)
        var opened: Redacted<[UInt8]>?
        if let envelope {
            let brought = try await KeyEnvelope.open(envelope, passphrase: try await passphrase())
            try key.refuseAnother(than: brought)
            opened = brought
        }
        try DataDirectory.ensure(configuration.dataDirectory)
        let summary = try await StoreBackup.restore(file, to: configuration.databasePath)
        if let opened { try key.write(opened) }
        var report = Self.report(summary, hasKey: envelope != nil)
        report.opensSecrets = try await opensSecrets()
        return report
    }

    /// Opens the restored store with the key that is there. False: there is none yet, or it is another store's.
    private func opensSecrets() async throws -> Bool {
        guard let held = try key.find() else { return false }
        do {
            let store = try await DocumentStore.open(
                path: configuration.databasePath, key: try SealingKey(bytes: held.exposed), logger: logger)
            await store.close()
            return true
        } catch let error as RoadsteadError where error.code == .invalidState { return false }
    }

    private static func report(_ summary: BackupSummary, hasKey: Bool) -> BackupReport {
        BackupReport(
            documents: summary.documents, formatVersion: summary.formatVersion, created: summary.created,
            bytes: summary.bytes, hasKey: hasKey)
    }
}
