import Foundation
import Logging
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadStore

/// The drivers that this server has, by the names that people write.
public struct ClusterDrivers: Sendable {
    /// Opens a driver of a test or a rehearsal.
    public typealias Opening = @Sendable (ClusterSpecification) async throws -> any CloudDriver

    /// Where drivers lie that are programs; nil for none.
    private let folder: String?
    /// Where the clouds are, when not at their own addresses: the server's word only, never a user's.
    private let endpoints: [String: String]
    private let others: [String: Opening]

    public init(folder: String? = nil, endpoints: [String: String] = [:], others: [String: Opening] = [:]) {
        (self.folder, self.endpoints, self.others) = (folder, endpoints, others)
    }

    /// Throws `invalidInput` for a folder that is none.
    init(environment: [String: String]) throws(RoadsteadError) {
        let folder = environment["ROADSTEAD_DRIVERS"].flatMap { $0.isEmpty ? nil : $0 }
        var isDirectory: ObjCBool = false
        if let folder {
            guard folder.hasPrefix("/"), FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory),
                isDirectory.boolValue
            else {
                throw RoadsteadError(
                    .invalidInput, "ROADSTEAD_DRIVERS is '\(folder)'; give the path of a folder of executables")
            }
        }
        let prefix = "ROADSTEAD_DRIVER_ENDPOINT_"
        let endpoints = environment.filter { $0.key.hasPrefix(prefix) && !$0.value.isEmpty }
            .map { (String($0.key.dropFirst(prefix.count)).lowercased(), $0.value) }
        self.init(folder: folder, endpoints: Dictionary(endpoints) { $1 })
    }

    /// Drivers that are part of this server.
    enum BuiltIn: String, CaseIterable {
        case generic, amazonec2, exoscale
    }

    /// Throws `invalidInput` with the names that there are.
    func check(_ name: String) throws(RoadsteadError) {
        guard BuiltIn(rawValue: name) == nil, others[name] == nil, program(name) == nil else { return }
        throw RoadsteadError(
            .invalidInput,
            "this server has no driver '\(name)'; it has \(names.joined(separator: ", ")); another one belongs into the "
                + "server's folder ROADSTEAD_DRIVERS")
    }

    var names: [String] {
        let files = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0) } ?? []
        return (BuiltIn.allCases.map(\.rawValue) + others.keys + files.filter { program($0) != nil }).sorted()
    }

    /// The subtype of the credentials that the driver acts with; nil when it needs none.
    func credentialSubtype(of name: String) -> String? {
        if others[name] != nil { return nil }
        switch BuiltIn(rawValue: name) {
        case .generic: return "ssh-key"
        case .amazonec2: return "infrastructure-service-amazonec2"
        case .exoscale: return "infrastructure-service-exoscale"
        case nil: return "infrastructure-service-driver"
        }
    }

    /// nil for hosts that exist, which nobody makes. The caller shuts it down.
    ///
    /// Throws `RoadsteadError`: `invalidInput` for a driver or a region that there is none of.
    func open(
        _ specification: ClusterSpecification, _ secrets: DriverSecrets, logger: Logger
    ) async throws -> (any CloudDriver)? {
        let name = specification.driver
        if let opening = others[name] { return try await opening(specification) }
        switch BuiltIn(rawValue: name) {
        case .generic: return nil
        case .amazonec2: return try amazon(specification, secrets, logger)
        case .exoscale: return try exoscale(specification, secrets, logger)
        case nil:
            guard let path = program(name) else {
                try check(name)
                return nil
            }
            return try await external(path, specification, secrets)
        }
    }

    private func amazon(
        _ specification: ClusterSpecification, _ secrets: DriverSecrets, _ logger: Logger
    ) throws -> any CloudDriver {
        guard let region = specification.region else {
            throw RoadsteadError(.invalidInput, "driver amazonec2 needs a region, such as eu-west-1: set region")
        }
        let credential = AmazonEC2Credential(
            accessKey: secrets.text("amazonec2-access-key"), secretKey: try secrets.opened("amazonec2-secret-key"),
            sessionToken: try secrets.find("amazonec2-session-token"), region: region,
            endpoint: endpoints[specification.driver])
        do { return try AmazonEC2Driver(credential: credential, logger: logger) } catch {
            throw RoadsteadError(error, doing: "open driver amazonec2")
        }
    }

    /// A region there is a zone.
    private func exoscale(
        _ specification: ClusterSpecification, _ secrets: DriverSecrets, _ logger: Logger
    ) throws -> any CloudDriver {
        guard let zone = specification.region ?? specification.zones.first else {
            throw RoadsteadError(.invalidInput, "driver exoscale needs a zone, such as ch-gva-2: set region")
        }
        let credential = ExoscaleCredential(
            apiKey: secrets.text("exoscale-api-key"), apiSecret: try secrets.opened("exoscale-api-secret-key"),
            zone: zone)
        let endpoint = endpoints[specification.driver] ?? ExoscaleDriver.endpoint
        do { return try ExoscaleDriver(credential: credential, endpoint: endpoint, logger: logger) } catch {
            throw RoadsteadError(error, doing: "open driver exoscale")
        }
    }

    // MARK: - Programs

    /// The path of the executable; nil when there is none of that name.
    private func program(_ name: String) -> String? {
        guard let folder, !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else { return nil }
        let path = folder + "/" + name
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue,
            FileManager.default.isExecutableFile(atPath: path)
        else { return nil }
        return path
    }

    /// Region and options are its settings.
    private func external(
        _ path: String, _ specification: ClusterSpecification, _ secrets: DriverSecrets
    ) async throws -> any CloudDriver {
        var settings = specification.options
        settings["region"] = specification.region.map(JSONValue.string)
        settings["endpoint"] = endpoints[specification.driver].map(JSONValue.string)
        let program = ExternalProgram(path: path, settings: settings, secrets: try secrets.all())
        do { return try await ExternalDriver(program) } catch {
            throw RoadsteadError(error, doing: "open driver \(specification.driver)")
        }
    }
}
