import RoadsteadBasics

/// What to look for in a collection (`PUT /api/{type}` with a form body, as Nuvla's own client does).
public struct ClientQuery: Sendable {
    public var filter: String?
    public var orderBy: String?
    /// From 1.
    public var first: Int?
    /// Inclusive; 0 asks for the count alone.
    public var last: Int?
    /// Attributes to answer with, `id` always; all when empty.
    public var select: [String]

    public init(
        filter: String? = nil, orderBy: String? = nil, first: Int? = nil, last: Int? = nil, select: [String] = []
    ) {
        self.filter = filter
        self.orderBy = orderBy
        self.first = first
        self.last = last
        self.select = select
    }

    var form: FormFields {
        var fields = FormFields()
        fields.add("filter", filter)
        fields.add("orderby", orderBy)
        fields.add("first", first.map(String.init))
        fields.add("last", last.map(String.init))
        fields.add("select", select.isEmpty ? nil : select.joined(separator: ","))
        return fields
    }
}

/// Writing texts into filters.
public enum FilterText {
    /// `text` in quotes. The dialect keeps backslashes, so a text with both kinds of quotes cannot be said: throws
    /// invalidInput.
    public static func quoted(_ text: String) throws(RoadsteadError) -> String {
        if text.contains("\\") { throw refusal(text) }
        if !text.contains("'") { return "'\(text)'" }
        if !text.contains("\"") { return "\"\(text)\"" }
        throw refusal(text)
    }

    private static func refusal(_ text: String) -> RoadsteadError {
        RoadsteadError(.invalidInput, "'\(text)' cannot be searched for: give the id instead (type/identifier)")
    }
}
