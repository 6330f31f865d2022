import DockerAPI
import Foundation
import RoadsteadBasics

/// A config or a secret that is on the Swarm, as far as rotation must know it.
struct LiveFile: Hashable, Sendable {
    var id: String
    var name: String
    var labels: [String: String]
    var created: Instant
    var version: UInt64
    /// A config's; the engine never gives a secret's.
    var data: Data?
    var driver: LogDriver?
    var templating: LogDriver?

    init(_ config: SwarmConfig) {
        self.init(id: config.id, config.spec, created: config.createdAt, version: config.version)
    }

    init(_ secret: SwarmSecret) {
        self.init(id: secret.id, secret.spec, created: secret.createdAt, version: secret.version)
        data = nil
    }

    private init(id: String, _ spec: FileSpec, created: Instant?, version: ObjectVersion) {
        (self.id, name, labels) = (id, spec.name, spec.labels ?? [:])
        self.created = created ?? .distantPast
        self.version = version.index
        (data, driver, templating) = (spec.data, spec.driver, spec.templating)
    }

    var owner: String? { labels[DesiredStack.namespaceLabel] }

    /// The name that the file gives it, whatever content it has had since.
    var base: String { labels[FileRotation.label] ?? name }

    /// Newest first.
    static func isNewer(_ left: LiveFile, _ right: LiveFile) -> Bool {
        (left.created, left.version, left.name) > (right.created, right.version, right.name)
    }
}

extension LiveStack {
    var configFiles: [LiveFile] { configs.map { LiveFile($0) } }
    var secretFiles: [LiveFile] { secrets.map { LiveFile($0) } }
}
