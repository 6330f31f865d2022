import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// A folder with a Compose file, worked on as people do with docker compose, on a real Swarm.
@Suite("A folder with a Compose file", .serialized)
struct FolderCommandLabTests {
    private static let compose = """
        services:
          web:
            image: IMAGE
            command: sh -c 'echo page $$(cat /page); exec sleep 3600'
            stop_grace_period: 0s
            configs: [{source: page, target: /page}]
            deploy: {replicas: REPLICAS, update_config: {monitor: 1s, parallelism: 0}}
          db:
            image: IMAGE
            command: sleep 3600
            stop_grace_period: 0s
            deploy: {update_config: {monitor: 1s}}
        configs: {page: {file: ./page.txt}}
        """

    @Test("is planned, deployed, looked at, changed, scaled, restarted, rolled back and stopped")
    func life() async throws {
        try await FolderTrial.run("kiosk") { trial in
            try trial.write("compose.yaml", Self.compose.replacing("REPLICAS", with: "2"))
            try trial.write("page.txt", "one\n")
            let plan = try await trial.expect(0, "plan")
            #expect(plan.output.contains("+ service") && plan.output.contains("0 to update"), "\(plan.transcript)")
            #expect(try await trial.documents("app", "ls").isEmpty)
            #expect(try await trial.documents("deployment", "ls").isEmpty)
            try await trial.expect(0, "deploy")
            try await look(trial)
            try await change(trial)
            try await steer(trial)
            try await goBack(trial)
            try await trial.expect(0, "deployment", "stop", "kiosk")
            try await trial.expect(3, "scale", "web=1")
            try await trial.expect(0, "deployment", "rm", "kiosk")
            try await trial.expect(3, "history")
        }
    }

    private func look(_ trial: FolderTrial) async throws {
        let tasks = try await trial.documents("ps")
        #expect(tasks.count == 3 && tasks.allSatisfy { $0["state"] == "running" && $0["node"] != nil }, "\(tasks)")
        let logs = try await trial.expect(0, "logs", "web", "--tail", "5")
        #expect(
            logs.output.split(separator: "\n").filter { $0.hasSuffix("| page one") }.count == 2, "\(logs.transcript)")
        let read = try await trial.expect(0, "exec", "-T", "web", "cat", "/page")
        #expect(read.output == "one\n", "\(read.transcript)")
        try await trial.expect(7, "exec", "-T", "db.1", "sh", "-c", "exit 7")
        try await trial.expect(3, "exec", "-T", "nosuch", "true")
        let top = try await trial.expect(0, "top", "--once")
        #expect(top.output.contains("web.1") && top.output.contains("KiB"), "\(top.transcript)")
        #expect(try await trial.documents("history").count == 1)
    }

    private func change(_ trial: FolderTrial) async throws {
        try trial.write("page.txt", "two\n")
        let diff = try await trial.expect(0, "diff")
        #expect(diff.output.contains("- one") && diff.output.contains("+ two"), "\(diff.transcript)")
        let plan = try await trial.expect(0, "plan")
        #expect(plan.output.contains("service") && !plan.output.contains("Nothing would change"), "\(plan.transcript)")
        let approved = try JSONValue.parse(try await trial.expect(0, "plan", "-o", "json").output)["plan-id"]
        try await trial.expect(3, "deploy", "--plan-id", "0123456789abcdef")
        try await trial.expect(0, "deploy", "--plan-id", try #require(approved?.stringValue))
        let read = try await trial.expect(0, "exec", "-T", "web", "cat", "/page")
        #expect(read.output == "two\n", "\(read.transcript)")
        #expect(try await trial.expect(0, "diff").output == "There is no difference.\n")
        #expect(try await trial.documents("history").count == 2)
    }

    private func steer(_ trial: FolderTrial) async throws {
        try await trial.expect(0, "scale", "web=3")
        #expect(try await trial.documents("ps", "-s", "web").count == 3)
        try await trial.expect(3, "scale", "nosuch=3")
        let before = try await ids(of: "db", trial)
        let web = try await ids(of: "web", trial)
        try await trial.expect(0, "restart", "db")
        let after = try await ids(of: "db", trial)
        let others = try await ids(of: "web", trial)
        #expect(after != before && others == web)
    }

    private func ids(of service: String, _ trial: FolderTrial) async throws -> Set<String> {
        Set(try await trial.documents("ps", "-s", service).compactMap { $0["id"]?.stringValue })
    }

    private func goBack(_ trial: FolderTrial) async throws {
        try await trial.expect(3, "rollback", "--to", "99")
        try await trial.expect(0, "rollback", "--to", "1")
        let read = try await trial.expect(0, "exec", "-T", "web", "cat", "/page")
        #expect(read.output == "one\n", "\(read.transcript)")
        let newest = try await trial.documents("history").first
        #expect(newest?["operation"] == "rollback" && newest?["restored"] == 1, "\(String(describing: newest))")
        let same = try await trial.expect(0, "diff", "kiosk", "--revision", "1")
        #expect(same.output == "There is no difference.\n", "\(same.transcript)")
    }

    @Test("a stack that belongs to no deployment becomes one by adopt, and nothing on the Swarm changes")
    func adoption() async throws {
        try await FolderTrial.run("adopted") { trial in
            try trial.write("compose.yaml", Self.compose.replacing("REPLICAS", with: "1"))
            try trial.write("page.txt", "one\n")
            let made = try await trial.expect(0, "deploy", "-q")
            let id = try #require(ResourceID(made.output.trimmingCharacters(in: .whitespacesAndNewlines)))
            try await trial.expect(0, "deployment", "rm", id.identifier, "--force")
            let stacks = try await trial.documents("infra", "stacks", "swarm")
            #expect(stacks.contains { $0["name"]?.stringValue == id.identifier && $0["owned"] == false }, "\(stacks)")
            let adopted = try await trial.expect(0, "adopt", id.identifier, "--on", "swarm", "-q")
            let name = adopted.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let plan = try await trial.expect(0, "deployment", "plan", name)
            #expect(plan.output.contains("Nothing would change"), "\(plan.transcript)")
            try await trial.expect(3, "adopt", id.identifier, "--on", "swarm")
            try await trial.expect(0, "deployment", "rm", name, "--stop")
        }
    }
}
