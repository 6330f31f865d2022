import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// What is particular to a resource type. The uniform machinery (`ResourceService`) does the rest: routes, templates,
/// schemas, access, common attributes, revisions and events.
///
/// Every requirement but `type` has a default, so that a plain type costs its descriptor and nothing else.
public protocol ResourceRules: Sendable {
    var type: ResourceType { get }

    /// Turns the body of an add (template resolved, server-set attributes gone) into a new resource.
    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft

    /// Who may do what with a new resource whose request says nothing about it.
    func defaultAccess(_ body: JSONObject, in scope: RequestScope) -> AccessList

    /// The document after an edit. `changes` holds what the caller may set, `removed` what it asked to drop.
    /// The result is checked against the schema afterwards.
    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit

    /// Throws `invalidState` or `conflict` when the resource cannot go now; removes what goes along with it.
    func delete(
        _ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction
    ) throws

    /// Whether the resource goes by itself later on, so that a delete only has to remember that. False unless a type says
    /// otherwise; true only when it has seen to it.
    func deletesLater(
        _ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction
    ) throws -> Bool

    /// What a delete is answered with, cookie included.
    func deleted(_ document: StoredDocument, in scope: RequestScope) -> ResourceAnswer

    /// Whether the state of the document lets `edit`, `delete` or an action be called now; rights are checked apart.
    func offers(_ operation: String, on document: JSONObject) -> Bool

    /// Does an action. Rights are checked already when the descriptor names one; state is not.
    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer

    /// Does a bulk action other than those on tags; the right to bulk actions is checked already.
    func performBulk(
        _ action: String, filter: String, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer

    /// The document as a single read shows it, such as with content that lives elsewhere.
    func present(_ document: JSONObject, of id: ResourceID, in scope: RequestScope) async throws -> JSONObject

    /// Whether neither `present` nor `offers` is the type's own: documents may be passed on as they are stored.
    var isShownAsStored: Bool { get }

    /// The id under which the addressed document is stored: a module's may carry a version.
    func storedID(of id: ResourceID) -> ResourceID

    /// A condition that every listing is put under, whoever asks.
    func restriction(in scope: RequestScope) -> Filter?
}

/// The outcome of an edit, and what is written along with it.
public struct ResourceEdit: Sendable {
    public var body: JSONObject
    public var companions: ResourceDraft.Companions

    public init(_ body: JSONObject, companions: @escaping ResourceDraft.Companions = { _, _ in }) {
        self.body = body
        self.companions = companions
    }
}

extension ResourceRules {
    public func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft { ResourceDraft(body) }

    public func defaultAccess(_ body: JSONObject, in scope: RequestScope) -> AccessList {
        AccessList(owners: [scope.requester.activeClaim])
    }

    public func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        ResourceEdit(document.filter { !removed.contains($0.key) }.merging(changes))
    }

    public func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {}

    public func deletesLater(
        _ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction
    ) throws -> Bool { false }

    public func deleted(_ document: StoredDocument, in scope: RequestScope) -> ResourceAnswer {
        .operation(.deleted(document.id.description))
    }

    public func offers(_ operation: String, on document: JSONObject) -> Bool { true }

    public func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        throw .noSuchAction(action, document.id.description)
    }

    public func performBulk(
        _ action: String, filter: String, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        throw .noSuchAction(action, type.name)
    }

    public func present(
        _ document: JSONObject, of id: ResourceID, in scope: RequestScope
    ) async throws -> JSONObject { document }

    public var isShownAsStored: Bool { false }

    public func storedID(of id: ResourceID) -> ResourceID { id }

    public func restriction(in scope: RequestScope) -> Filter? { nil }
}

/// A type without anything particular.
public struct PlainRules: ResourceRules {
    public let type: ResourceType
    public let isShownAsStored = true

    public init(_ type: ResourceType) { self.type = type }
}
