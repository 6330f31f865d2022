import HTTPTypes
import RoadsteadHTTP
import RoadsteadModel

extension IncomingRequest {
    var call: APICall { APICall(method: method, path: path) }

    /// `?pretty` asks for an answer with line breaks.
    var isPretty: Bool { fields.contains { $0.name == "pretty" } }

    /// Whether the caller asks for a stream of events in place of a document.
    var wantsEvents: Bool { headers[.accept]?.lowercased().contains("text/event-stream") ?? false }

    /// `select` of the query string alone, as an edit reads it.
    var selected: [String] { QueryParameters(pairs: fields).select ?? [] }
}
