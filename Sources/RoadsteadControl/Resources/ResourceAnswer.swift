import RoadsteadBasics
import RoadsteadModel

/// What a use case answers, for any door to render.
public struct ResourceAnswer: Sendable {
    public enum Content: Sendable {
        case operation(OperationAnswer)
        case document(JSONObject)
        case collection(CollectionAnswer)
        /// A document or a listing as compact JSON.
        case text([UInt8])
        /// Any JSON, as some actions return it.
        case value(JSONValue)
        /// A document each time that it changes, until the work is done.
        case progress(AsyncThrowingStream<JSONObject, any Error>)
        /// News of a collection, without end.
        case feed(CollectionFeed)
        /// Events of several kinds, as they come.
        case events(EventSource)
        /// A command's input and output, over a connection of its own.
        case console(Console)
        /// What an earlier request under the same idempotency key was answered with.
        case replay(status: Int, JSONObject)
    }

    /// What becomes of the caller's cookie.
    public enum Cookie: Sendable {
        case set(Redacted<String>, expiry: Instant)
        case revoke
    }

    public var content: Content
    public var cookie: Cookie?
    /// Of the document that was read or written, for doors that tell it.
    public var revision: Int64?

    public init(_ content: Content, cookie: Cookie? = nil, revision: Int64? = nil) {
        self.content = content
        self.cookie = cookie
        self.revision = revision
    }

    public static func operation(_ answer: OperationAnswer) -> ResourceAnswer { ResourceAnswer(.operation(answer)) }
    public static func document(_ document: JSONObject) -> ResourceAnswer { ResourceAnswer(.document(document)) }
    public static func document(_ revised: RevisedDocument) -> ResourceAnswer {
        ResourceAnswer(.document(revised.document), revision: revised.revision)
    }
    public static func value(_ value: JSONValue) -> ResourceAnswer { ResourceAnswer(.value(value)) }

    /// 200 with a message.
    public static func message(_ text: String, _ id: String? = nil) -> ResourceAnswer {
        .operation(OperationAnswer(status: 200, message: text, resourceID: id))
    }
}
