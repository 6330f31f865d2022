import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@Suite struct JobTests {
    private func job(_ test: TestPlane) async throws -> ResourceID {
        _ = try await test.addCredential(on: try await test.addService())
        let jobs = try await test.resources.query("job", in: test.scope())
        return try #require(jobs.resources.first?["id"]?.stringValue.flatMap { ResourceID($0) })
    }

    /// Not in a session, which streams would look for.
    private let reader = Requester.user("user/ada")

    @Test("a job is cancelled once by who may manage it, and by nobody else")
    func cancel() async throws {
        let test = try await TestPlane.make()
        let id = try await job(test)
        let stranger = await test.failure {
            _ = try await test.resources.perform("cancel", on: id, in: test.scope(TestPlane.bob))
        }
        #expect(stranger.code == .forbidden)
        let answer = try await test.resources.perform("cancel", on: id, in: test.scope())
        #expect(TestPlane.document(answer)?["state"] == "CANCELED")
        let again = await test.failure { _ = try await test.resources.perform("cancel", on: id, in: test.scope()) }
        #expect(again.code == .forbidden && again.message.contains("CANCELED"))
        let shown = try await test.resources.get(id, in: test.scope())
        #expect(shown["progress"] == 100 && shown["operations"] == nil)
    }

    @Test("a stream tells nothing more when its caller has logged out, and strangers get none")
    func streamAfterLogout() async throws {
        let people = try await People.make()
        try await people.add("ada")
        let (ada, test) = (try await people.login("ada"), people.test)
        _ = try await test.addCredential(on: try await test.addService(by: ada.requester), by: ada.requester)
        let jobs = try await test.resources.query("job", in: test.scope(ada.requester))
        let id = try #require(jobs.resources.first?["id"]?.stringValue.flatMap { ResourceID($0) })
        let stranger = await test.failure {
            _ = try await test.resources.perform("stream", on: id, in: test.scope(TestPlane.bob))
        }
        #expect(stranger.code == .forbidden)
        let answer = try await test.resources.perform("stream", on: id, in: test.scope(ada.requester))
        guard case .progress(let documents) = answer.content else { throw Missing("no stream") }
        var states: [JSONValue?] = []
        let end = await test.failure {
            for try await document in documents {
                states.append(document["state"])
                guard states.count == 1 else { continue }
                _ = try await test.resources.delete(ada.id, in: test.scope(ada.requester))
                _ = try await test.resources.perform("cancel", on: id, in: test.scope(.system))
            }
        }
        #expect(states == ["QUEUED"] && end.code == .forbidden)
    }

    @Test("a stream tells the job as it is, each change, and ends with the final state")
    func stream() async throws {
        let test = try await TestPlane.make()
        let id = try await job(test)
        let answer = try await test.resources.perform("stream", on: id, in: test.scope(reader))
        guard case .progress(let documents) = answer.content else { throw Missing("no stream") }
        var states: [JSONValue?] = []
        for try await document in documents {
            states.append(document["state"])
            if states.count == 1 { _ = try await test.resources.perform("cancel", on: id, in: test.scope()) }
        }
        #expect(states == ["QUEUED", "CANCELED"])
        let late = try await test.resources.perform("stream", on: id, in: test.scope(reader))
        guard case .progress(let rest) = late.content else { throw Missing("no stream") }
        var last: [JSONValue?] = []
        for try await document in rest { last.append(document["state"]) }
        #expect(last == ["CANCELED"])
    }

    @Test("a stream ends when the job is deleted")
    func deleted() async throws {
        let test = try await TestPlane.make()
        let id = try await job(test)
        let answer = try await test.resources.perform("stream", on: id, in: test.scope(reader))
        guard case .progress(let documents) = answer.content else { throw Missing("no stream") }
        var count = 0
        for try await _ in documents {
            count += 1
            _ = try await test.resources.delete(id, in: test.scope(.system))
        }
        #expect(count == 1)
    }
}
