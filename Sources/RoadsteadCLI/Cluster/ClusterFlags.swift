import ArgumentParser
import RoadsteadBasics
import RoadsteadModel

/// What a cluster shall be, in flags: the common cases of `cluster.yaml`.
struct ClusterFlags: ParsableArguments, Sendable {
    @Option(help: "All nodes together; the first is the manager, unless --managers says more.")
    var nodes: Int?

    @Option(help: "How many managers: 1, 3 or 5.")
    var managers: Int?

    @Option(help: "How many workers.")
    var workers: Int?

    @Option(
        help: ArgumentHelp("Who makes the machines: generic, exoscale, amazonec2, or another's.", valueName: "driver"))
    var driver: String?

    @Option(help: "Where the machines are made.")
    var region: String?

    @Option(name: .customLong("zone"), help: ArgumentHelp("One of its zones; may be repeated.", valueName: "zone"))
    var zones: [String] = []

    @Option(
        help: ArgumentHelp(
            "tiny, small, medium, large, extra-large, huge, or the driver's own word.", valueName: "size"))
    var size: String?

    @Option(help: ArgumentHelp("GiB of a machine's disk.", valueName: "GiB"))
    var disk: Int?

    @Option(help: ArgumentHelp("debian-12, ubuntu-24.04, ..., or the driver's own word.", valueName: "image"))
    var image: String?

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "A host that exists; may be repeated. IPv6 in brackets.",
            valueName: "[user@]address[:port][=manager|worker]"))
    var hosts: [HostArgument] = []

    @Flag(help: "Take hosts that run containers, or are in a Swarm; what becomes of those is shown before.")
    var adopt = false

    @Option(
        help: ArgumentHelp(
            "Docker's data go to this empty disk of each machine, or to its only one.", valueName: "auto|/dev/…"))
    var dataDisk: String?

    @Option(
        name: .customLong("open"),
        help: ArgumentHelp(
            "Ports open to the world, such as 80,443/tcp, instead of 30000-32000/tcp; none for none.",
            valueName: "ports"))
    var open: [String] = []

    @Option(help: ArgumentHelp("Docker's version, such as 26.1.", valueName: "version"))
    var engineVersion: String?

    @Flag(help: "Managers need a key when they start, which Roadstead keeps sealed.")
    var autolock = false

    /// What was said, as members of a specification.
    var members: JSONObject {
        var members: JSONObject = [:]
        members["driver"] = driver.map(JSONValue.string)
        if driver == nil, !hosts.isEmpty { members["driver"] = .string(ClusterSpecification.generic) }
        members["region"] = region.map(JSONValue.string)
        if !zones.isEmpty { members["zones"] = JSONValue(zones) }
        members["size"] = size.map(JSONValue.string)
        members["disk"] = disk.map { JSONValue($0) }
        members["image"] = image.map(JSONValue.string)
        members["nodes"] = nodes.map { JSONValue($0) }
        members["managers"] = managers.map { JSONValue($0) }
        members["workers"] = workers.map { JSONValue($0) }
        if !hosts.isEmpty { members["hosts"] = .array(hosts.map { .object($0.json) }) }
        if !open.isEmpty { members["ports"] = JSONValue(ports) }
        members["engine"] = engineVersion.map { ["version": .string($0)] }
        if autolock { members["autolock"] = true }
        var options: JSONObject = [:]
        if adopt { options["adopt"] = true }
        options["data-disk"] = dataDisk.map(JSONValue.string)
        if !options.isEmpty { members["options"] = .object(options) }
        return members
    }

    private var ports: [String] {
        open.flatMap { $0.split(separator: ",") }.map { $0.trimmingPrefix(" ") }.filter { $0 != "none" }
            .map(String.init)
    }
}
