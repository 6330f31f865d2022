import RoadsteadBasics

/// Reads a `ClusterSpecification` out of a document and collects everything that is wrong with it. Pure.
///
/// The table finds what is wrong with single attributes; the rules here what is wrong between them. A rule is silent about
/// attributes that are wrong by themselves, so that nothing is told twice.
struct ClusterReader {
    let object: JSONObject
    private(set) var problems: [SchemaProblem]
    /// Top attributes with a problem of their own.
    private let flawed: Set<String>

    init(_ object: JSONObject) {
        self.object = object
        problems = ClusterSpecification.attributes.problems(with: object)
        flawed = Set(problems.map { String($0.path.prefix { $0 != "." && $0 != "[" }) })
    }

    mutating func refuse(_ path: String, _ problem: String) { problems.append(SchemaProblem(path, problem)) }

    /// The attribute's value, or its default; nil when there is none or it is wrong.
    func value(_ name: String) -> JSONValue? {
        flawed.contains(name) ? nil : object[name] ?? ClusterSpecification.defaults[name]
    }

    /// Whether the document says something about the attribute.
    func has(_ name: String) -> Bool { object[name] != nil }

    func isFlawed(_ name: String) -> Bool { flawed.contains(name) }

    func strings(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }

    mutating func read() -> ClusterSpecification {
        let counts = readCounts()
        let driver = value("driver")?.stringValue ?? ""
        checkDriver(driver)
        checkOptions(of: driver)
        var specification = ClusterSpecification(
            name: value("name")?.stringValue ?? "", driver: driver,
            credential: value("credential")?.stringValue.flatMap { ResourceID($0) },
            region: value("region")?.stringValue, zones: strings(value("zones")),
            size: value("size")?.stringValue ?? "", disk: value("disk").flatMap(Self.integer) ?? 0,
            image: value("image")?.stringValue ?? "", managers: counts.managers, workers: counts.workers,
            labels: readLabels(), engine: readEngine(), network: readNetwork(),
            isAutolocked: value("autolock")?.boolValue ?? false, ports: readPorts(),
            engineAccess: readRanges(strings(value("engine-access")), at: "engine-access"),
            sshAccess: readRanges(strings(value("ssh-access")), at: "ssh-access"), hosts: readHosts(counts.managers),
            options: value("options")?.objectValue ?? [:])
        if let known = MachineSize.find(specification.size) { specification.size = known.name }
        checkNodeLabels(specification)
        return specification
    }

    static func integer(_ value: JSONValue) -> Int? { value.integerValue.map { Int($0) } }

    private mutating func checkDriver(_ driver: String) {
        guard !isFlawed("driver") else { return }
        guard driver == ClusterSpecification.generic else {
            if has("hosts") {
                refuse(
                    "hosts",
                    "are machines that exist: set driver to generic, or remove hosts for \(driver) to make machines")
            }
            return
        }
        if !has("hosts") { refuse("hosts", "is missing: list the hosts that the driver generic shall use") }
        for name in ["region", "zones", "size", "disk", "image"] where has(name) {
            let hint = name == "zones" ? "; say each host's zone in hosts[].zone" : ""
            refuse(name, "is of no use to the driver generic, whose hosts exist already: remove it\(hint)")
        }
    }

    private mutating func checkOptions(of driver: String) {
        guard let options = value("options")?.objectValue, let known = ClusterSpecification.cloudOptions[driver] else {
            return
        }
        for problem in known.problems(with: options) { refuse("options.\(problem.path)", problem.problem) }
    }

    private mutating func readEngine() -> ClusterEngine {
        let engine = value("engine")
        let packages = engine?["packages"]?.stringValue.flatMap(ClusterEngine.Packages.init)
        return ClusterEngine(
            packages: packages ?? .distribution, version: engine?["version"]?.stringValue,
            patience: engine?["patience"].flatMap(Self.integer))
    }
}
