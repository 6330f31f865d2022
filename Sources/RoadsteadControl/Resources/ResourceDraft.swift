import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// A new resource before it is stored, and what comes into being along with it.
public struct ResourceDraft: Sendable {
    public typealias Companions = @Sendable (_ document: JSONObject, _ transaction: StoreTransaction) throws -> Void

    /// The resource's own attributes; the machinery adds the common ones.
    public var body: JSONObject
    /// nil: a random UUID.
    public var identifier: String?
    /// Takes the place of the client's list and of the default.
    public var access: AccessList?
    /// Members of the answer beyond the common ones; shown this once.
    public var extras: JSONObject
    public var cookie: ResourceAnswer.Cookie?
    /// Further documents and jobs, made in the same transaction.
    public var companions: Companions

    public init(
        _ body: JSONObject, identifier: String? = nil, access: AccessList? = nil, extras: JSONObject = [:],
        cookie: ResourceAnswer.Cookie? = nil, companions: @escaping Companions = { _, _ in }
    ) {
        self.body = body
        self.identifier = identifier
        self.access = access
        self.extras = extras
        self.cookie = cookie
        self.companions = companions
    }
}
