import DockerAPI
import Foundation
import RoadsteadBasics
import Testing

/// Answers of real engines (20.10 with API 1.41, 26.1 with API 1.45) to a service that uses every member it can: what is
/// read and written again is the same, but for what is listed here.
@Suite("Recorded answers")
struct RecordingTests {
    /// Members that no part of Roadstead needs.
    private static let unread: [String: Set<String>] = [
        "task": [
            "NetworksAttachments.Network.CreatedAt", "NetworksAttachments.Network.DriverState",
            "NetworksAttachments.Network.IPAMOptions", "NetworksAttachments.Network.Spec",
            "NetworksAttachments.Network.UpdatedAt", "NetworksAttachments.Network.Version",
        ],
        "network": ["ConfigFrom", "ConfigOnly"],
    ]

    @Test("lose nothing that matters", arguments: ["service", "task", "node", "network", "config", "secret"], ["1.41", "1.45"])
    func roundTrip(kind: String, version: String) throws {
        let url = try #require(
            Bundle.module.url(forResource: "Recordings/\(kind)-\(version)", withExtension: "json"))
        let data = try Data(contentsOf: url)
        let encoded =
            switch kind {
            case "service": try again(Service.self, data)
            case "task": try again(SwarmTask.self, data)
            case "node": try again(SwarmNode.self, data)
            case "network": try again(Network.self, data)
            case "config": try again(SwarmConfig.self, data)
            default: try again(SwarmSecret.self, data)
            }
        let lost = Self.lost(try JSONValue.parse(Array(data)), try JSONValue.parse(Array(encoded)))
        #expect(lost.subtracting(Self.unread[kind] ?? []) == [])
    }

    private func again<Value: Codable>(_ type: Value.Type, _ data: Data) throws -> Data {
        try JSONEncoder().encode(JSONDecoder().decode(type, from: data))
    }

    /// Paths of members that `new` lacks or has otherwise. Moments keep milliseconds only, so that they are compared as such.
    private static func lost(_ old: JSONValue, _ new: JSONValue?, at path: String = "") -> Set<String> {
        switch (old, new) {
        case (.null, _): return []
        case (.object(let members), .object(let others)?):
            return members.reduce(into: []) { lost, member in
                let inner = path.isEmpty ? member.key : path + "." + member.key
                lost.formUnion(Self.lost(member.value, others[member.key], at: inner))
            }
        case (.array(let elements), .array(let others)?) where elements.count == others.count:
            return zip(elements, others).reduce(into: []) { $0.formUnion(Self.lost($1.0, $1.1, at: path)) }
        case (.string(let text), .string(let other)?) where Instant(rfc3339: text) != nil:
            return Instant(rfc3339: text) == Instant(rfc3339: other) ? [] : [path]
        default: return old == new ? [] : [path]
        }
    }
}
