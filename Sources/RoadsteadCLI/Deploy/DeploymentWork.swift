import RoadsteadBasics
import RoadsteadClient

/// Makes or changes the deployment that a request asks for, and starts the job that carries it out.
struct DeploymentWork: Sendable {
    let client: APIClient
    let request: DeploymentRequest
    /// For the server's verdict; its own limit when nil.
    var timeout: TimeSpan?

    struct Started: Sendable {
        var deployment: ResourceID
        var job: ResourceID
    }

    /// Which action brings a deployment in a state to what the request asks for.
    enum Move: Equatable {
        case start, update
        case refused(String)

        static func make(state: String) -> Move {
            switch state {
            case "CREATED", "STOPPED": .start
            case "STARTED", "UPDATED", "ERROR": .update
            case "STARTING", "UPDATING", "PENDING": .refused("a job is at work on it: wait for it, or cancel it")
            case "STOPPING": .refused("it is being stopped: wait for that")
            default: .refused("that state knows no deploy")
            }
        }
    }

    func start() async throws(RoadsteadError) -> Started {
        guard let existing = try await find() else {
            let id = try await create()
            return Started(deployment: id, job: try await launch("start", id))
        }
        let id = try existing.requireID()
        let action: String
        switch Move.make(state: existing.text("state")) {
        case .start: action = "start"
        case .update: action = "update"
        case .refused(let why):
            throw RoadsteadError(
                .invalidState, "deployment '\(request.name)' is \(existing.text("state")): \(why)")
        }
        try await bring(id)
        return Started(deployment: id, job: try await launch(action, id))
    }

    private func launch(_ action: String, _ id: ResourceID) async throws(RoadsteadError) -> ResourceID {
        let body: JSONObject? = timeout.map { ["timeout": JSONValue($0.seconds)] }
        return try await client.operation(action, on: id, body).requireJob()
    }

    /// The plan's document; nothing is changed on the target, and nothing new is left on the server.
    func plan() async throws(RoadsteadError) -> JSONObject {
        if let existing = try await find() {
            return try await client.operation(
                "plan", on: try existing.requireID(), ["module": .object(request.module)]
            ).body
        }
        let id = try await create()
        do {
            let plan = try await client.operation("plan", on: id).body
            try await client.delete(id)
            return plan
        } catch {
            _ = try? await client.delete(id)
            throw error
        }
    }

    /// The deployment of that name on that infrastructure service.
    private func find() async throws(RoadsteadError) -> JSONObject? {
        let service = try request.target.service.requireID()
        let named = ResourceLookup(
            client: client, type: "deployment", noun: "deployment", condition: "infrastructure-service='\(service)'")
        guard let found = try await named.find(request.name) else { return nil }
        let module = found["module"]?["id"]?.stringValue ?? found["module"]?["href"]?.stringValue ?? ""
        guard module.hasPrefix(try request.version.module.requireID().description) else {
            let path = found["module"]?["path"]?.stringValue ?? module
            throw RoadsteadError(
                .conflict, "deployment '\(request.name)' is of another application (\(path)): take another --name")
        }
        return found
    }

    private func create() async throws(RoadsteadError) -> ResourceID {
        let document: JSONObject = [
            "module": ["href": .string(request.version.reference)],
            "parent": .string(request.target.credential.description),
        ]
        let id = try await client.add("deployment", document).requireResource()
        do {
            try await bring(id)
        } catch {
            _ = try? await client.delete(id)
            throw error
        }
        return id
    }

    private func bring(_ id: ResourceID) async throws(RoadsteadError) {
        _ = try await client.edit(
            id,
            [
                "name": .string(request.name), "module": .object(request.module),
                "parent": .string(request.target.credential.description),
            ])
    }
}
