import RoadsteadBasics
import RoadsteadClient

/// Finds what a person means by a name, an id (`type/uuid`) or a bare uuid.
struct ResourceLookup: Sendable {
    let client: APIClient
    let type: String
    /// What people call it.
    let noun: String
    /// Attributes that name one of it.
    var keys = ["name"]
    /// Narrows the search further.
    var condition: String?

    /// nil when there is none. Throws conflict when a name stands for several.
    func find(_ text: String) async throws(RoadsteadError) -> JSONObject? {
        if let id = ResourceID(text), id.type == type {
            do { return try await client.get(id) } catch  where error.code == .notFound { return nil }
        }
        var alternatives: [String] = []
        let quoted = try FilterText.quoted(text)
        for key in keys { alternatives.append("\(key)=\(quoted)") }
        if Self.isUUID(text) { alternatives.append("id='\(type)/\(text.lowercased())'") }
        let names = "(" + alternatives.joined(separator: " or ") + ")"
        let filter = [condition, names].compactMap { $0 }.joined(separator: " and ")
        let matches = try await client.query(type, ClientQuery(filter: filter, orderBy: "created:asc", last: 10))
            .documents
        guard matches.count > 1 else { return matches.first }
        let ids = matches.map { $0.text("id") }.joined(separator: "\n  ")
        throw RoadsteadError(
            .conflict, "\(matches.count) \(noun)s are named '\(text)'; give the id of the one:\n  \(ids)")
    }

    /// Throws notFound that says how to see what there is.
    func get(_ text: String) async throws(RoadsteadError) -> JSONObject {
        if let document = try await find(text) { return document }
        throw RoadsteadError(.notFound, "there is no \(noun) '\(text)'; see `roadstead \(listCommand) ls`")
    }

    func id(_ text: String) async throws(RoadsteadError) -> ResourceID {
        try await get(text).requireID()
    }

    private var listCommand: String {
        switch type {
        case "infrastructure-service": "infra"
        case "module": "app"
        default: type
        }
    }

    static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : Character(Unicode.Scalar(byte)).isHexDigit
        }
    }
}

extension ResourceLookup {
    static func infrastructure(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(client: client, type: "infrastructure-service", noun: "infrastructure service")
    }

    static func credentials(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(client: client, type: "credential", noun: "credential")
    }

    static func applications(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(
            client: client, type: "module", noun: "application", keys: ["name", "path"], condition: "subtype!='project'"
        )
    }

    static func deployments(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(client: client, type: "deployment", noun: "deployment")
    }

    static func jobs(_ client: APIClient) -> ResourceLookup {
        ResourceLookup(client: client, type: "job", noun: "job")
    }
}

extension JSONObject {
    /// The id, which every document of a server has.
    func requireID() throws(RoadsteadError) -> ResourceID {
        guard let id else { throw RoadsteadError(.internal, "the server sent a document without an id") }
        return id
    }
}

extension ActionAnswer {
    /// The id of what was made.
    func requireResource() throws(RoadsteadError) -> ResourceID {
        guard let resourceID else {
            throw RoadsteadError(.internal, "the server did not say what it made: \(message)")
        }
        return resourceID
    }

    /// The job that was started.
    func requireJob() throws(RoadsteadError) -> ResourceID {
        guard let job else {
            throw RoadsteadError(.internal, "the server did not say which job it started: \(message)")
        }
        return job
    }
}
