import DockerAPI
import Foundation
import RoadsteadBasics

@testable import RoadsteadCompose

/// A sequence of what a real Swarm said (Recordings/record.py), played to a verdict at the pace of the shell.
struct VerdictRecording: Sendable {
    struct Tick: Sendable {
        var at: Int64
        var until: Int64
        var services: [Service]
        var tasks: [SwarmTask]
    }

    /// Each state of an object is there once; ticks name it by its number.
    private struct File: Decodable {
        struct Row: Decodable {
            var at: Int64
            var until: Int64
            var services: [Int]
            var tasks: [Int]
        }

        var acted: [Int64]
        var nodes: [String: String]
        var services: [Service]
        var tasks: [SwarmTask]
        var ticks: [Row]
    }

    let acted: [Int64]
    let ticks: [Tick]
    private let nodes: [String: String]

    init(_ name: String) throws {
        let folder = try unwrap(Bundle.module.url(forResource: "Recordings", withExtension: nil))
        let data = try Data(contentsOf: folder.appendingPathComponent(name + ".json"))
        let file = try JSONDecoder().decode(File.self, from: data)
        (acted, nodes) = (file.acted, file.nodes)
        ticks = file.ticks.map { row in
            Tick(
                at: row.at, until: row.until, services: row.services.map { file.services[$0] },
                tasks: row.tasks.map { file.tasks[$0] })
        }
    }

    /// Plays the part after the given act until the verdict is decided or the next act begins.
    func play(
        _ change: ServiceExpectation.Change, fromAct act: Int = 0, timeout: Duration = .seconds(300)
    ) throws -> (verdict: StackVerdict, milliseconds: Int64) {
        let start = acted[act]
        let end = act + 1 < acted.count ? acted[act + 1] : try unwrap(ticks.last).until
        return try play(change, from: start, to: end, timeout: timeout)
    }

    func play(
        _ change: ServiceExpectation.Change, from start: Int64, to end: Int64, timeout: Duration = .seconds(300)
    ) throws -> (verdict: StackVerdict, milliseconds: Int64) {
        let service = try unwrap(ticks.lazy.compactMap { $0.services.first }.first)
        var verdict = StackVerdict(
            stack: "s", expectations: [ServiceExpectation(key: "web", id: service.id, change: change)],
            startedAt: Instant(millisecondsSinceEpoch: start), timeout: timeout)
        var now = start
        while now <= end {
            if let tick = ticks.last(where: { $0.at <= now && !$0.services.isEmpty }) {
                verdict.feed(
                    StackObservation(
                        services: tick.services, tasks: tick.tasks, nodeNames: nodes,
                        at: Instant(millisecondsSinceEpoch: now)))
                if verdict.outcome != .converging { break }
            }
            now += 300
        }
        return (verdict, now - start)
    }
}

struct RecordingIsBroken: Error {}

func unwrap<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw RecordingIsBroken() }
    return value
}
