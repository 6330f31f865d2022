import RoadsteadBasics

/// What a program answers to the first call.
struct ExternalHello: Sendable, Hashable {
    static let version = 1

    let name: String
    let features: Set<CloudFeature>
    /// How many calls it wants at a time.
    let concurrency: Int

    static func question(to program: ExternalProgram) -> JSONObject {
        let secrets = program.secrets.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value.exposed)) }
        return JSONObject([
            ("versions", .array([.integer(Int64(version))])), ("settings", .object(program.settings)),
            ("secrets", .object(JSONObject(secrets))),
        ])
    }

    init(_ answer: JSONObject, of program: ExternalProgram) throws(CloudError) {
        guard let version = answer["version"]?.integerValue, version == Int64(Self.version) else {
            let theirs = answer["version"].map { program.cleaned($0.text()) } ?? "none"
            throw CloudError(
                .brokenDriver,
                "driver \(program.path) speaks version \(theirs) of the protocol, and not \(Self.version)")
        }
        guard let name = answer["name"]?.stringValue, !name.isEmpty, let features = answer["features"]?.arrayValue
        else {
            throw CloudError(.brokenDriver, "driver \(program.path) does not tell its name and features")
        }
        self.name = name
        // What a newer driver can do beside is not asked of it.
        self.features = Set(features.compactMap { $0.stringValue.flatMap(CloudFeature.init(rawValue:)) })
        concurrency = Int(min(max(answer["concurrency"]?.integerValue ?? 1, 1), 64))
    }
}
