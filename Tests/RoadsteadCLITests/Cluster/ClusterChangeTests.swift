import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import Testing

@testable import RoadsteadCLI

@Suite struct ClusterChangeTests {
    private let old: JSONObject = ["name": "prod", "driver": "exoscale", "nodes": 3]

    private func asked(_ document: JSONObject, plan: String, meanwhile: JSONObject? = nil) async throws -> [String] {
        try await requests(document, plan: plan, meanwhile: meanwhile).map(\.line).filter { !$0.hasPrefix("GET") }
            .map { $0.replacing("/api/", with: "") }
    }

    private func requests(
        _ document: JSONObject, plan: String, meanwhile: JSONObject? = nil
    ) async throws -> [ScriptedServer.Request] {
        let cluster: JSONObject = [
            "id": "cluster/1", "name": "prod", "state": "READY", "specification": .object(old), "applied": .object(old),
        ]
        let read = cluster.merging(["specification": .object(meanwhile ?? old)])
        let answers: [String: [ScriptedServer.Answer]] = [
            "POST /api/cluster/1/plan": [.json(plan)],
            "GET /api/cluster/1": [.json(JSONValue.object(read).text())],
            "PUT /api/cluster/1": [.json(JSONValue.object(cluster).text())],
            "POST /api/cluster/1/apply": [.json(#"{"status":202,"location":"job/1"}"#, status: 202)],
            "GET /api/job/1": [.json(#"{"id":"job/1","state":"SUCCESS"}"#)],
        ]
        return try await ScriptedServer.with(answers) { server in
            let address = ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port)
            let client = try APIClient(server: address, clock: SkippingClock())
            let console = Console(isOutputTerminal: false, isInputTerminal: false, environment: [:])
            let change = ClusterChange(
                connection: Connection(client: client, console: console, clock: SkippingClock()), cluster: cluster,
                approval: Approval(console: console, isGiven: true), wait: try JobWaitOptions.parse([]),
                output: try OutputOptions.parse(["-q"]))
            do { try await change.run(document) } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
            return server.requests
        }
    }

    private let none = #"{"cluster":"prod","steps":[{"kind":"machine","name":"prod-1","action":"unchanged"}]}"#
    private let some =
        #"{"cluster":"prod","steps":[{"kind":"machine","name":"prod-4","action":"make","role":"worker"}]}"#

    @Test("what is wanted is planned, written down and applied")
    func changes() async throws {
        let requests = try await asked(old.merging(["nodes": 4]), plan: some)
        #expect(requests == ["POST cluster/1/plan", "PUT cluster/1", "POST cluster/1/apply"])
    }

    @Test("what is as it should be is left alone, what has drifted is applied without being written down again")
    func unchanged() async throws {
        #expect(try await asked(old, plan: none) == ["POST cluster/1/plan"])
        #expect(try await asked(old, plan: some) == ["POST cluster/1/plan", "POST cluster/1/apply"])
    }

    @Test("the server holds the apply to the plan that was shown")
    func approval() async throws {
        let plan = some.replacing(#"{"cluster""#, with: #"{"plan-id":"c0ffee","cluster""#)
        let apply = try await requests(old, plan: plan).first { $0.line == "POST /api/cluster/1/apply" }
        #expect(apply?.body == #"{"plan-id":"c0ffee"}"#)
    }

    @Test("a specification that somebody else has changed since is not written over")
    func meanwhile() async throws {
        await #expect {
            _ = try await asked(old.merging(["nodes": 4]), plan: some, meanwhile: ["name": "prod"])
        } throws: {
            ($0 as? RoadsteadError)?.code == .conflict
        }
    }
}
