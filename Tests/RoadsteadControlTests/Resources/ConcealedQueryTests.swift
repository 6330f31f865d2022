import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import Testing

@testable import RoadsteadControl

@Suite struct ConcealedQueryTests {
    static let attributes: [(type: String, name: String)] = ResourceType.all.flatMap { type in
        type.concealed.sorted().map { (type.name, $0) }
    }

    @Test("what no answer shows cannot be asked for, by filter, order or figures, at any depth", arguments: attributes)
    func concealed(type: String, name: String) async throws {
        let test = try await TestPlane.make()
        guard let rules = test.resources.catalog.rules(type) else { return }
        var questions: [QueryParameters] = []
        for path in [name, name + "/part"] {
            questions += ["\(path)='x'", "\(path)^='a'", "\(path)!=null", "id!=null or \(path)>1"].map {
                QueryParameters(filters: [$0])
            }
            questions.append(QueryParameters(orderBy: [.init(path, isAscending: false)]))
            questions += Aggregation.Algorithm.allCases.map { QueryParameters(aggregations: [Aggregation($0, path)]) }
        }
        for question in questions {
            let error = await test.failure { _ = try DocumentQuery(question, rules: rules, in: test.scope(.system)) }
            #expect(error.code == .invalidInput && error.message.contains(name), "\(question)")
        }
    }

    @Test("there is something to conceal")
    func some() {
        for (type, name) in [
            ("credential", "hash"), ("credential", "digest"), ("credential", "key"), ("session", "token-hash"),
            ("deployment", "api-secret"), ("deployment-revision", "sealed"), ("configuration", "smtp-password"),
        ] { #expect(Self.attributes.contains { $0.type == type && $0.name == name }, "\(type).\(name)") }
    }

    @Test("a list that changes within a sweep is heeded: what is the caller's no more is left alone")
    func sweep() async throws {
        let test = try await TestPlane.make()
        var ids: [ResourceID] = []
        for _ in 0..<3 { ids.append(try await test.addService()) }
        ids.sort { $0.description < $1.description }
        let (taken, renamed) = (ids[1], ids[2])
        let rules = try #require(test.resources.catalog.rules("infrastructure-service"))
        let sweep = try BulkSweep(filters: ["name='lab'"], right: .delete, rules: rules, in: test.scope())
        let result = try await sweep.run { document, transaction in
            let others: JSONValue = ["owners": ["user/bob"]]
            try transaction.modify(taken) { $0["acl"] = others }
            try transaction.modify(renamed) { $0["name"] = "other" }
            try transaction.delete(document.id)
        }
        #expect(result.changed == 1 && result.failures.isEmpty)
        for id in [taken, renamed] { #expect(try await test.store.find(id) != nil) }
        #expect(try await test.store.find(ids[0]) == nil)
    }
}
