import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import Testing

@testable import RoadsteadCLI

@Suite struct ClusterMakingTests {
    private typealias Answer = ScriptedServer.Answer

    private let document: JSONObject = ["name": "lab", "driver": "generic", "hosts": [["address": "h1"]]]
    private static let done = #"{"id":"job/1","state":"SUCCESS"}"#

    private func page(_ documents: String...) -> Answer {
        .json(#"{"count":\#(documents.count),"resources":[\#(documents.joined(separator: ","))]}"#)
    }

    private func cluster(_ state: String, hosts: String = "h1", credential: String = "credential/k") -> String {
        """
        {"id":"cluster/1","name":"lab","state":"\(state)","specification":{"name":"lab","driver":"generic",
         "credential":"\(credential)","hosts":[{"address":"\(hosts)"}]},"applied":{"name":"lab","driver":"generic",
         "credential":"\(credential)","hosts":[{"address":"\(hosts)"}]}}
        """
    }

    private let started = Answer.json(#"{"status":202,"location":"job/1"}"#, status: 202)

    /// Makes the cluster at a server that answers so; answers what it was asked, in short: `POST cluster/1/create`.
    private func asked(_ answers: [String: [Answer]], yes: Bool = true) async throws -> [String] {
        try await ScriptedServer.with(answers) { server in
            let address = ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port)
            let client = try APIClient(server: address, clock: SkippingClock())
            let console = Console(isOutputTerminal: false, isInputTerminal: false, environment: [:])
            let connection = Connection(client: client, console: console, clock: SkippingClock())
            let making = ClusterMaking(
                connection: connection, document: document, credential: .named("k"),
                approval: Approval(console: console, isGiven: yes), wait: try JobWaitOptions.parse([]),
                output: try OutputOptions.parse(["-o", "json"]))
            do { try await making.run() } catch {
                await client.shutdown()
                throw Failure(error: error, requests: Self.short(server.requests))
            }
            await client.shutdown()
            return Self.short(server.requests)
        }
    }

    private struct Failure: Error {
        var error: any Error
        var requests: [String]

        var code: RoadsteadError.Code? { (error as? RoadsteadError)?.code }
        var message: String { (error as? RoadsteadError)?.message ?? "" }
    }

    /// Only what changes something.
    private static func short(_ requests: [ScriptedServer.Request]) -> [String] {
        requests.map(\.line).filter {
            $0.hasPrefix("POST") || $0.hasPrefix("PUT /api/cluster/") || $0.hasPrefix("DELETE")
        }
        .map { $0.replacing("/api/", with: "") }
    }

    @Test("a new cluster is written down, then made, then told of")
    func new() async throws {
        let requests = try await asked([
            "PUT /api/cluster": [page()], "PUT /api/credential": [page(#"{"id":"credential/k","name":"k"}"#)],
            "POST /api/cluster": [.json(#"{"status":201,"resource-id":"cluster/1"}"#, status: 201)],
            "GET /api/cluster/1": [.json(cluster("CREATED")), .json(cluster("READY"))],
            "POST /api/cluster/1/create": [started], "GET /api/job/1": [.json(Self.done)],
        ])
        #expect(requests == ["POST cluster", "POST cluster/1/create"])
    }

    @Test("after a failure the same command goes on, with another credential if that was what was wrong")
    func resume() async throws {
        var answers: [String: [Answer]] = [
            "PUT /api/cluster": [page(cluster("ERROR"))],
            "PUT /api/credential": [page(#"{"id":"credential/k","name":"k"}"#)],
            "POST /api/cluster/1/plan": [.json(#"{"cluster":"lab","steps":[],"warnings":[]}"#)],
            "GET /api/cluster/1": [.json(cluster("READY"))], "POST /api/cluster/1/create": [started],
            "GET /api/job/1": [.json(Self.done)],
        ]
        #expect(try await asked(answers) == ["POST cluster/1/plan", "POST cluster/1/create"])
        answers["PUT /api/cluster"] = [page(cluster("ERROR", credential: "credential/wrong"))]
        answers["PUT /api/cluster/1"] = [.json(cluster("ERROR"))]
        #expect(try await asked(answers) == ["POST cluster/1/plan", "PUT cluster/1", "POST cluster/1/create"])
    }

    @Test("a making that is under way is followed, one that is done is left alone")
    func underWay() async throws {
        let ready = ["PUT /api/cluster": [page(cluster("READY"))], "GET /api/cluster/1": [.json(cluster("READY"))]]
        #expect(try await asked(ready) == [])
        let creating: [String: [Answer]] = [
            "PUT /api/cluster": [page(cluster("CREATING"))], "PUT /api/job": [page(#"{"id":"job/1"}"#)],
            "GET /api/job/1": [.json(Self.done)], "GET /api/cluster/1": [.json(cluster("READY"))],
        ]
        #expect(try await asked(creating) == [])
    }

    @Test(
        "another specification is refused with what differs and what to do", arguments: ["READY", "ERROR", "CREATING"])
    func different(_ state: String) async throws {
        do {
            _ = try await asked(["PUT /api/cluster": [page(cluster(state, hosts: "h9"))]])
            Issue.record("it was not refused")
        } catch let failure as Failure {
            #expect(failure.code == .conflict && failure.requests == [])
            #expect(failure.message.contains("cluster 'lab' is there and \(state)"))
            #expect(failure.message.contains("hosts: "))
        }
    }

    @Test("a cluster of which nothing was made takes what is asked for now")
    func created() async throws {
        let requests = try await asked([
            "PUT /api/cluster": [page(cluster("CREATED", hosts: "h9"))],
            "PUT /api/credential": [page(#"{"id":"credential/k","name":"k"}"#)],
            "PUT /api/cluster/1": [.json(cluster("CREATED"))], "POST /api/cluster/1/create": [started],
            "GET /api/job/1": [.json(Self.done)], "GET /api/cluster/1": [.json(cluster("READY"))],
        ])
        #expect(requests == ["PUT cluster/1", "POST cluster/1/create"])
    }

    @Test("without a terminal and without --yes nothing is made, not even a credential")
    func unattended() async throws {
        do {
            _ = try await asked(["PUT /api/cluster": [page()]], yes: false)
            Issue.record("it was not refused")
        } catch let failure as Failure {
            #expect(failure.code == .invalidInput && failure.requests == [])
            #expect(failure.message.contains("--yes"))
        }
    }

    @Test("a job that fails ends the command with its status")
    func failing() async throws {
        do {
            _ = try await asked([
                "PUT /api/cluster": [page()], "PUT /api/credential": [page(#"{"id":"credential/k","name":"k"}"#)],
                "POST /api/cluster": [.json(#"{"status":201,"resource-id":"cluster/1"}"#, status: 201)],
                "GET /api/cluster/1": [.json(cluster("CREATED"))], "POST /api/cluster/1/create": [started],
                "GET /api/job/1": [.json(#"{"id":"job/1","state":"FAILED","status-message":"lab-1: no sudo"}"#)],
            ])
            Issue.record("it did not fail")
        } catch let failure as Failure { #expect((failure.error as? ExitCode)?.rawValue == 4) }
    }
}
