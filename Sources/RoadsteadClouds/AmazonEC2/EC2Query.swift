import HTTPCalls

/// One call of EC2's query API before it is signed: an action and its parameters.
///
/// Source: Amazon EC2 API Reference, version 2016-11-15.
struct EC2Query: Sendable {
    let action: String
    private var items: [(name: String, value: String)] = []

    static let version = "2016-11-15"

    init(_ action: String) { self.action = action }

    /// Whether something may be otherwise afterwards.
    var isChange: Bool { !action.hasPrefix("Describe") && !action.hasPrefix("Get") }

    /// Whether it makes a thing, so that what it does not find is a value that is not taken.
    var isMaking: Bool { ["Run", "Create", "Import"].contains { action.hasPrefix($0) } }

    /// As it is sent: a form.
    var body: String { URIEncoding.query(items + [("Action", action), ("Version", Self.version)]) }

    /// nil: not said.
    func with(_ name: String, _ value: String?) -> EC2Query {
        var query = self
        if let value { query.items.append((name, value)) }
        return query
    }

    /// `Name.1`, `Name.2`, …
    func list(_ name: String, _ values: [String]) -> EC2Query {
        var query = self
        for (index, value) in values.enumerated() { query.items.append(("\(name).\(index + 1)", value)) }
        return query
    }

    /// Adds to the filters; of `values` one has to fit.
    func filter(_ name: String, _ values: String...) -> EC2Query { filter(name, values) }

    func filter(_ name: String, _ values: [String]) -> EC2Query {
        let number = items.count { $0.name.hasPrefix("Filter.") && $0.name.hasSuffix(".Name") } + 1
        return with("Filter.\(number).Name", name).list("Filter.\(number).Value", values)
    }

    /// What is made carries the tag. `types`: EC2's names of what the call makes.
    func tagged(_ tag: CloudTag, _ types: String...) -> EC2Query {
        var query = self
        for (index, type) in types.enumerated() {
            let place = "TagSpecification.\(index + 1)"
            query = query.with("\(place).ResourceType", type)
            for (number, label) in EC2Labels.all(tag).enumerated() {
                query = query.with("\(place).Tag.\(number + 1).Key", label.name)
                    .with("\(place).Tag.\(number + 1).Value", label.value)
            }
        }
        return query
    }

    /// Only what carries this tag's cluster and token.
    func having(_ tag: CloudTag) -> EC2Query {
        having(cluster: tag.cluster).filter("tag:\(CloudTag.tokenLabel)", tag.token)
    }

    func having(cluster: String) -> EC2Query { filter("tag:\(CloudTag.clusterLabel)", cluster) }
}
