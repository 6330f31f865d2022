import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Two people deploy different files under one name at once.
@Suite("Rivals at one deployment", .serialized)
struct RivalDeployLabTests {
    private static func text(_ mark: String) -> String {
        """
        services:
          web:
            image: IMAGE
            command: sleep 3600
            stop_grace_period: 0s
            environment: [MARK=\(mark)]
        """
    }

    @Test("one wins whole, the other ends with 3 and the words whose job is at work; document and Swarm agree")
    func oneWins() async throws {
        try await FolderTrial.run("rivals") { first in
            try first.write("compose.yaml", Self.text("zero"))
            try await first.expect(0, "deploy")
            let second = try first.beside("rivals-too")
            try first.write("compose.yaml", Self.text("one"))
            try second.write("compose.yaml", Self.text("two"))
            async let one = first.cli("deploy", "--name", "rivals")
            async let two = second.cli("deploy", "--name", "rivals")
            let results = [("one", try await one), ("two", try await two)]
            let winners = results.filter { $0.1.status == 0 }
            // One may have been done before the other began: then both were good, one after the other.
            try #require(!winners.isEmpty, "\(results)")
            for (_, loser) in results where loser.status != 0 {
                #expect(loser.status == 3, "\(loser.transcript)")
                #expect(
                    loser.errors.contains("is at work on it") && loser.errors.contains("job/"), "\(loser.transcript)")
            }
            let listed = try await first.cli("deployment", "show", "rivals", "-o", "json")
            let content = try JSONValue.parse(listed.output)["module"]?["content"]
            let text = content?["docker-compose"]?.stringValue ?? ""
            #expect(winners.contains { text.contains("MARK=\($0.0)") }, "\(text)")
            let plan = try await first.cli("deployment", "plan", "rivals", "-o", "json")
            #expect(try JSONValue.parse(plan.output)["changes"] == 0, "\(plan.transcript)")
            let events = try await first.documents("events", "--of", "rivals")
            #expect(events.contains { $0["name"] == "deployment.state" }, "\(events)")
        }
    }

    @Test("of two who deploy a name for the first time at once one makes it, and nothing is left of the other")
    func firstTime() async throws {
        try await FolderTrial.run("newcomers") { first in
            let second = try first.beside("newcomers-too")
            try first.write("compose.yaml", Self.text("one"))
            try second.write("compose.yaml", Self.text("two"))
            async let one = first.cli("deploy", "--name", "newcomers", "--on", "swarm")
            async let two = second.cli("deploy", "--name", "newcomers", "--on", "swarm")
            let results = [try await one, try await two]
            #expect(results.contains { $0.status == 0 }, "\(results)")
            for loser in results where loser.status != 0 { #expect(loser.status == 3, "\(loser.transcript)") }
            #expect(try await first.documents("deployment", "ls").count == 1)
        }
    }
}
