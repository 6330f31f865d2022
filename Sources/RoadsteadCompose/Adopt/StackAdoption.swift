import DockerAPI
import Foundation
import RoadsteadBasics

/// A stack that exists on a Swarm as a Compose file: what one would have to write to get it; pure.
///
/// Deploying the file changes nothing on the Swarm, which a plan of it proves; what a Compose file cannot say stands in
/// `notes`. Contents of configs become files; secrets, which no engine gives back, are declared as external.
public struct StackAdoption: Sendable {
    public let stack: String
    /// The Compose file. No variable is used in it: what looks like one is escaped.
    public let text: String
    /// Contents of the stack's configs by the relative path under which the Compose file names them.
    public let files: [String: Data]
    /// What is on the Swarm and not in the file, for people.
    public let notes: [String]

    /// Throws `notFound` when there is no service of the stack.
    public init(stack: String, live: LiveStack) throws(RoadsteadError) {
        let services = live.services.filter { $0.spec.labels?[DesiredStack.namespaceLabel] == stack }
            .sorted { ($0.spec.name ?? "") < ($1.spec.name ?? "") }
        guard !services.isEmpty else { throw RoadsteadError(.notFound, "there is no stack '\(stack)' on this Swarm") }
        var writer = AdoptionWriter(stack: stack, live: live)
        for service in services { writer.add(service) }
        writer.finish()
        self.stack = stack
        (text, files, notes) = (writer.document.yaml(), writer.files, writer.notes)
    }
}

/// Writes the parts of an adopted stack, and remembers what they refer to.
struct AdoptionWriter {
    let stack: String
    let live: LiveStack
    var services: [(String, ComposeText)] = []
    var networks: [String: ComposeText] = [:]
    var volumes: [String: ComposeText] = [:]
    var configs: [String: ComposeText] = [:]
    var secrets: [String: ComposeText] = [:]
    var files: [String: Data] = [:]
    var notes: [String] = []
    /// Keys of configs and networks by their names on the Swarm.
    private var configKeys: [String: String] = [:]

    init(stack: String, live: LiveStack) {
        self.stack = stack
        self.live = live
    }

    var document: ComposeText {
        var root = ComposeMapping()
        root.add("services", .map(services))
        let sections = [("networks", networks), ("volumes", volumes), ("configs", configs), ("secrets", secrets)]
        for (name, section) in sections where !section.isEmpty {
            root.add(name, .map(section.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
        }
        return root.text
    }

    /// The key that gives the name on the Swarm by itself; nil when the name has to be said.
    func key(of name: String) -> String? {
        let prefix = stack + "_"
        guard name.hasPrefix(prefix), name.utf8.count > prefix.utf8.count else { return nil }
        return String(name.dropFirst(prefix.count))
    }

    /// Any key for an object whose name is said.
    func freeKey(for name: String, _ taken: [String: ComposeText]) -> String {
        let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) ? $0 : "-" })
        return taken[plain] == nil ? plain : plain + "-" + String(taken.count)
    }

    func withoutOurs(_ labels: [String: String]?) -> [String: String] {
        (labels ?? [:]).filter {
            ![DesiredStack.namespaceLabel, DesiredStack.imageLabel, FileRotation.label].contains($0.key)
        }
    }

    func isOurs(_ labels: [String: String]?) -> Bool { labels?[DesiredStack.namespaceLabel] == stack }

    // MARK: - Networks

    /// The key of the network that a service is attached to.
    mutating func network(_ target: String) -> String {
        let name = live.networkName(target)
        let found = live.network(named: name)
        guard let found, isOurs(found.labels) else {
            let key = key(of: name) ?? freeKey(for: name, [:])
            networks[key] = .map([("external", .flag(true)), ("name", .text(name))])
            return key
        }
        let key = key(of: name) ?? freeKey(for: name, [:])
        if networks[key] == nil { networks[key] = text(found, isNamed: self.key(of: name) == nil) }
        return key
    }

    private func text(_ network: Network, isNamed: Bool) -> ComposeText {
        var mapping = ComposeMapping()
        if isNamed { mapping.add("name", text: network.name) }
        mapping.add("driver", text: network.driver == "overlay" ? nil : network.driver)
        mapping.add("driver_opts", texts: network.chosenOptions)
        mapping.add("enable_ipv6", flag: network.enableIPv6)
        mapping.add("ipam", ipam(network))
        mapping.add("internal", flag: network.internal)
        mapping.add("attachable", flag: network.attachable)
        mapping.add("labels", texts: withoutOurs(network.labels))
        return mapping.text
    }

    private func ipam(_ network: Network) -> ComposeMapping {
        var mapping = ComposeMapping()
        if let driver = network.ipam?.driver.orNil, driver != "default" { mapping.add("driver", text: driver) }
        let pools = network.chosenPools.map { pool -> ComposeText in
            var mapping = ComposeMapping()
            mapping.add("subnet", text: pool.subnet)
            mapping.add("ip_range", text: pool.ipRange)
            mapping.add("gateway", text: pool.gateway)
            return mapping.text
        }
        mapping.add("config", pools.isEmpty ? nil : .list(pools))
        mapping.add("options", texts: network.ipam?.options)
        return mapping
    }

    // MARK: - Configs

    /// The key of a config that a service refers to.
    mutating func config(named name: String) -> String {
        if let key = configKeys[name] { return key }
        let found = live.config(named: name)
        let key: String
        if let found, isOurs(found.spec.labels) {
            key = own(found)
        } else {
            key = freeKey(for: self.key(of: name) ?? name, configs)
            configs[key] = .map([("external", .flag(true)), ("name", .text(name))])
        }
        configKeys[name] = key
        return key
    }

    private mutating func own(_ config: SwarmConfig) -> String {
        let base = config.spec.base
        // Two contents of one file at the same time: the second one goes by its own name.
        let isTaken = configKeys.contains { live.config(named: $0.key)?.spec.base == base }
        let name = isTaken ? config.spec.name : base
        let key = isTaken ? freeKey(for: name, configs) : self.key(of: name) ?? freeKey(for: name, configs)
        let path = "configs/" + String(freeKey(for: key, [:]))
        files[path] = config.spec.data ?? Data()
        var mapping = ComposeMapping()
        if self.key(of: name) != key { mapping.add("name", text: name) }
        mapping.add("file", text: "./" + path)
        var labels = withoutOurs(config.spec.labels)
        if isTaken, name != base { labels[FileRotation.label] = base }
        mapping.add("labels", texts: labels)
        mapping.add("template_driver", text: config.spec.templating?.name)
        configs[key] = mapping.text
        return key
    }

    // MARK: - Secrets and volumes

    mutating func secret(named name: String) -> String {
        let key = key(of: name) ?? freeKey(for: name, [:])
        secrets[key] = .map([("external", .flag(true)), ("name", .text(name))])
        return key
    }

    /// The key of a named volume.
    mutating func volume(_ name: String, _ options: VolumeOptions?) -> String {
        let key = key(of: name) ?? freeKey(for: name, [:])
        var mapping = ComposeMapping()
        if isOurs(options?.labels) {
            if self.key(of: name) == nil { mapping.add("name", text: name) }
            mapping.add("driver", text: options?.driverConfig?.name)
            mapping.add("driver_opts", texts: options?.driverConfig?.options)
            mapping.add("labels", texts: withoutOurs(options?.labels))
        } else {
            mapping.add("external", .flag(true))
            mapping.add("name", text: name)
        }
        if volumes[key] == nil { volumes[key] = mapping.text }
        return key
    }

    // MARK: - The rest

    /// Declares what nobody refers to, so that no deployment of the file removes it: a secret could not be made again.
    mutating func finish() {
        let unused = live.networks.filter { isOurs($0.labels) && $0.scope == "swarm" }.map(\.name)
            .filter { name in networks[key(of: name) ?? freeKey(for: name, [:])] == nil }.sorted()
        for name in unused {
            let key = key(of: name) ?? freeKey(for: name, networks)
            networks[key] = .map([("external", .flag(true)), ("name", .text(name))])
        }
        if !unused.isEmpty {
            notes.append(
                "no service is on network \(unused.joined(separator: ", ")): it is declared as external, so that it stays"
            )
        }
        for secret in live.secrets where isOurs(secret.spec.labels) { _ = self.secret(named: secret.spec.name) }
        let bases = Set(configKeys.keys.compactMap { live.config(named: $0)?.spec.base })
        for config in live.configs where isOurs(config.spec.labels) && !bases.contains(config.spec.base) {
            _ = self.config(named: config.spec.name)
        }
        if !secrets.isEmpty {
            notes.append(
                "a Swarm does not give the contents of secrets back: \(secrets.keys.sorted().joined(separator: ", ")) "
                    + "are declared as external")
        }
    }
}
