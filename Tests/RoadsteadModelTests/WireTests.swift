import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite struct WireTests {
    @Test("query parameters are read as clients send them")
    func parameters() {
        let query = QueryParameters(pairs: [
            ("filter", "a='1'"), ("filter", " "), ("filter", "b='2'"), ("first", "x"), ("first", "0"), ("last", "20"),
            ("select", "id, name"), ("select", "state"), ("orderby", "created:desc, name,acl.owners:asc,x:y"),
            ("orderby", "sky:station:desc,sky:height"),
            ("unknown", "1"),
        ])
        #expect(query.filters == ["a='1'", "b='2'"])
        #expect(query.first == 1)
        #expect(query.last == 20)
        #expect(query.select == ["id", "name", "state"])
        #expect(
            query.orderBy == [
                .init("created", isAscending: false), .init("name"), .init("acl/owners"), .init("x:y"),
                .init("sky:station", isAscending: false), .init("sky:height"),
            ])
        #expect(QueryParameters(pairs: []) == QueryParameters())
        #expect(QueryParameters(pairs: [("last", "0")]).last == 0)
    }

    @Test("answers have the shapes that clients check")
    func answers() {
        let created = OperationAnswer.created("credential/1", extras: ["secret-key": "s"]).json
        #expect(
            created == [
                "status": 201, "message": "credential/1 created", "resource-id": "credential/1", "secret-key": "s",
            ])
        let accepted = OperationAnswer.accepted("start_deployment", "deployment/1", job: "job/2").json
        #expect(
            accepted == [
                "status": 202, "message": "start_deployment deployment/1 with async job/2",
                "resource-id": "deployment/1", "location": "job/2",
            ])
        let collection = CollectionAnswer(
            type: "job", count: 0, access: .users, operations: [], resources: [])
        #expect(
            collection.json == [
                "count": 0, "id": "job", "resource-type": "job-collection", "resources": [],
                "acl": ["query": ["group/nuvla-user"], "add": ["group/nuvla-user"]],
            ])
    }

    static let statuses: [(RoadsteadError.Code, Int)] = [
        (.invalidInput, 400), (.unauthenticated, 403), (.forbidden, 403), (.notFound, 404), (.conflict, 409),
        (.invalidState, 409), (.limitExceeded, 429), (.unavailable, 503), (.timeout, 504), (.cancelled, 499),
        (.unsupported, 501), (.internal, 500),
    ]

    @Test("every error code has its status", arguments: statuses)
    func status(_ code: RoadsteadError.Code, _ status: Int) {
        #expect(ErrorAnswer(RoadsteadError(code, "m")).status == status)
        #expect(Self.statuses.count == RoadsteadError.Code.allCases.count)
    }

    @Test("a refused verb is 405")
    func verb() {
        #expect(ErrorAnswer(RoadsteadError(.unsupported, "m", context: ["verb": "edit"])).status == 405)
    }

    static let table: [(DeploymentState, Set<DeploymentOperation>)] = [
        (.created, [.start, .delete]), (.pending, [.stop]), (.starting, [.stop]), (.started, up),
        (.updating, [.stop]), (.stopping, []), (.stopped, [.start, .delete]), (.error, up),
    ]

    private static let up: Set<DeploymentOperation> = [.stop, .update, .rollback, .scale, .restart]

    @Test("a deployment's state decides what can be asked of it", arguments: table)
    func lifecycle(_ state: DeploymentState, _ allowed: Set<DeploymentOperation>) {
        #expect(Set(DeploymentOperation.allCases.filter { state.allows($0) }) == allowed)
    }
}
