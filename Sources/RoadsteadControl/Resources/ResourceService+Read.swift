import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ResourceService {
    /// `GET /api/<type>/<uuid>`: 404 before any look at rights, then 403, then what the rights let through.
    public func get(_ id: ResourceID, select: [String]? = nil, in scope: RequestScope) async throws -> JSONObject {
        try await read(id, select: select, in: scope).document
    }

    /// As above, with the revision that was read; 0 for what is not stored.
    public func read(
        _ id: ResourceID, select: [String]? = nil, in scope: RequestScope
    ) async throws -> RevisedDocument {
        let scope = try scope.admitted("retrieve", id.type, id)
        if let collection = catalog.collection(id.type) {
            let document = try get(id, in: collection, scope)
            return RevisedDocument(document: Self.selected(document, select), revision: 0)
        }
        let rules = try rules(id.type, for: .retrieve, path: id.description)
        let document = try await store(scope, get: rules.storedID(of: id))
        let visible = try shown(document.body, by: rules, as: id.description, in: scope)
            .merging(scope.ownSecrets(of: document, type: rules.type))
        let presented = try await rules.present(visible, of: id, in: scope)
        return RevisedDocument(document: Self.selected(presented, select), revision: document.revision)
    }

    func store(_ scope: RequestScope, get id: ResourceID) async throws -> StoredDocument {
        guard let document = try await scope.store.find(id) else {
            throw RoadsteadError(.notFound, "\(id) not found", context: ["resource-id": id.description])
        }
        return document
    }

    private func get(
        _ id: ResourceID, in collection: FixedCollection, _ scope: RequestScope
    ) throws(RoadsteadError) -> JSONObject {
        guard let document = collection.documents.first(where: { $0["id"]?.stringValue == id.description }) else {
            throw RoadsteadError(.notFound, "\(id) not found", context: ["resource-id": id.description])
        }
        return try shown(document, by: PlainRules(collection.type), as: id.description, in: scope)
    }

    /// As `read` without `select`, as text; nil where the type's answers are not what is stored: read the other way then.
    public func readText(_ id: ResourceID, in scope: RequestScope) async throws -> (text: [UInt8], revision: Int64)? {
        let scope = try scope.admitted("retrieve", id.type, id)
        guard let rules = catalog.rules(id.type), rules.type.verbs.contains(.retrieve), rules.storedID(of: id) == id,
            let presentation = TextPresentation(rules, in: scope, known: operationTexts),
            let stored = try await scope.store.text(id)
        else { return nil }
        return (try presentation.text(stored), stored.revision)
    }

    /// `GET` or `PUT /api/<type>`: what the caller may see of what matches, a page of it.
    public func query(
        _ type: String, _ parameters: QueryParameters = QueryParameters(), in scope: RequestScope
    ) async throws -> CollectionAnswer {
        let scope = try scope.admitted("query", type)
        if let collection = catalog.collection(type) { return try list(collection, parameters, in: scope) }
        let rules = try listingRules(type, in: scope)
        let page = try await scope.store.query(try DocumentQuery(parameters, rules: rules, in: scope))
        let resources = try page.documents.map { document in
            Self.selected(
                try shown(document.body, by: rules, as: document.id.description, in: scope), parameters.select)
        }
        return answer(page, resources, type: rules.type, in: scope)
    }

    /// As `query`, as text; nil for a `select` and where the type's answers are not what is stored.
    public func queryText(
        _ type: String, _ parameters: QueryParameters, in scope: RequestScope
    ) async throws -> [UInt8]? {
        let scope = try scope.admitted("query", type)
        guard parameters.select == nil, catalog.collection(type) == nil else { return nil }
        let rules = try listingRules(type, in: scope)
        guard let presentation = TextPresentation(rules, in: scope, known: operationTexts) else { return nil }
        let question = ListingTexts.Question(type, parameters, claims: scope.requester.claims)
        let generation = scope.store.generation(of: type)
        if let question, let generation, let text = listingTexts.find(question, generation: generation) { return text }
        let page = try await scope.store.texts(try DocumentQuery(parameters, rules: rules, in: scope))
        let text = try presentation.text(page.documents, in: answer(page, [], type: rules.type, in: scope))
        if let question, let generation, scope.store.generation(of: type) == generation {
            listingTexts.remember(text, for: question, generation: generation)
        }
        return text
    }

    private func listingRules(_ type: String, in scope: RequestScope) throws(RoadsteadError) -> any ResourceRules {
        let rules = try rules(type, for: .query, path: type)
        guard CollectionAccess.allows(rules.type.access.query, scope.requester.claims) else {
            throw .credentialsRequired
        }
        return rules
    }

    private func answer<Row>(
        _ page: QueryPage<Row>, _ resources: [JSONObject], type: ResourceType, in scope: RequestScope
    ) -> CollectionAnswer {
        CollectionAnswer(
            type: type.name, count: page.count, access: type.access, operations: collectionOperations(type, in: scope),
            resources: resources, aggregations: page.aggregations.isEmpty ? nil : page.aggregations)
    }

    /// As the store would answer, over what the caller may see.
    private func list(
        _ collection: FixedCollection, _ parameters: QueryParameters, in scope: RequestScope
    ) throws -> CollectionAnswer {
        let rules = PlainRules(collection.type)
        let query = try DocumentQuery(parameters, rules: rules, in: scope)
        let visible = collection.documents.compactMap { document in
            try? shown(document, by: rules, as: document["id"]?.stringValue ?? "", in: scope)
        }
        let page = try query.page(of: visible)
        let resources = page.documents.map { Self.selected($0, parameters.select) }
        return answer(page, resources, type: collection.type, in: scope)
    }

    private func collectionOperations(_ type: ResourceType, in scope: RequestScope) -> [String] {
        let claims = scope.requester.claims
        var operations: [String] = []
        if type.verbs.contains(.add), CollectionAccess.allows(type.access.add, claims) { operations.append("add") }
        if type.verbs.contains(.bulkDelete), CollectionAccess.allows(type.access.bulkDelete, claims) {
            operations.append("bulk-delete")
        }
        return operations.filter { scope.requester.permits($0, type: type.name, id: nil) }
    }
}
