import RoadsteadBasics
import RoadsteadClient

/// Makes or changes the deployment that a request asks for, and starts the job that carries it out.
struct DeploymentWork: Sendable {
    let client: APIClient
    let request: DeploymentRequest
    /// For the server's verdict; its own limit when nil.
    var timeout: TimeSpan?
    /// The plan that was approved.
    var planID: String?

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
            // While a job is at work the server refuses, and says whose job it is.
            case "STARTED", "UPDATED", "ERROR", "STARTING", "UPDATING", "PENDING": .update
            case "STOPPING": .refused("it is being stopped: wait for that")
            default: .refused("that state knows no deploy")
            }
        }
    }

    func start() async throws(RoadsteadError) -> Started {
        guard let existing = try checked() else {
            let id = try await create()
            do {
                return Started(deployment: id, job: try await launch("start", id, ["unique-name": true]))
            } catch  where error.code == .conflict {
                // Somebody else was quicker: what was made for nothing goes, and the next deploy finds theirs.
                _ = try? await client.delete(id)
                throw error
            }
        }
        let id = try existing.requireID()
        switch Move.make(state: existing.text("state")) {
        case .start: return Started(deployment: id, job: try await launch("start", id, request.content))
        case .update: return Started(deployment: id, job: try await launch("update", id, request.content))
        case .refused(let why):
            throw RoadsteadError(
                .invalidState, "deployment '\(request.name)' is \(existing.text("state")): \(why)")
        }
    }

    /// What is to be deployed goes along with the start: of two people at once one wins whole, and the server tells the
    /// other who is at work.
    private func launch(
        _ action: String, _ id: ResourceID, _ content: JSONObject = [:]
    ) async throws(RoadsteadError) -> ResourceID {
        var body = content.merging(request.choices)
        body["timeout"] = timeout.map { JSONValue($0.seconds) }
        body["plan-id"] = planID.map(JSONValue.string)
        return try await client.operation(action, on: id, body.isEmpty ? nil : body).requireJob()
    }

    /// The plan's document; nothing is changed on the target or on the server.
    func plan() async throws(RoadsteadError) -> JSONObject {
        var body = request.content.merging(request.choices)
        if request.version.reference.isEmpty { body["module"] = .object(request.wholeModule) }
        if let existing = try checked() {
            return try await client.operation("plan", on: try existing.requireID(), body).body
        }
        body["credential"] = .string(request.target.credential.description)
        body["stack-name"] = try await stackName().map(JSONValue.string)
        return try await client.operation("plan", on: try request.target.service.requireID(), body).body
    }

    /// The deployment of that name on that infrastructure service.
    static func find(
        _ name: String, on target: DeployTarget, _ client: APIClient
    ) async throws(RoadsteadError) -> JSONObject? {
        let service = try target.service.requireID()
        let named = ResourceLookup(
            client: client, type: "deployment", noun: "deployment", condition: "infrastructure-service='\(service)'")
        return try await named.find(name)
    }

    /// For a new deployment: what was asked for, or what the file calls the stack when nothing there is called so.
    private func stackName() async throws(RoadsteadError) -> String? {
        guard request.stackName == nil, let wished = request.wishedStackName else { return request.stackName }
        let body: JSONObject = ["credential": .string(request.target.credential.description)]
        let answer = try await client.operation("stacks", on: try request.target.service.requireID(), body).body
        let taken = answer["stacks"]?.arrayValue?.contains { $0["name"]?.stringValue == wished } ?? false
        guard taken else { return wished }
        Console.standard.error(
            "roadstead: warning: there is a stack '\(wished)' already, as the Compose file is called: this one gets an id "
                + "as its name; give it one by --stack-name, or take that stack over by `roadstead adopt \(wished)`")
        return nil
    }

    /// What there is must be of the same application.
    private func checked() throws(RoadsteadError) -> JSONObject? {
        guard let found = request.existing else { return nil }
        let module = found["module"]?["id"]?.stringValue ?? found["module"]?["href"]?.stringValue ?? ""
        let own = request.version.module["id"]?.stringValue
        guard let own, module.hasPrefix(own) else {
            let path = found["module"]?["path"]?.stringValue ?? module
            throw RoadsteadError(
                .conflict, "deployment '\(request.name)' is of another application (\(path)): take another --name")
        }
        if let asked = request.stackName, found.text("stack-name") != asked {
            throw RoadsteadError(
                .conflict,
                "deployment '\(request.name)' is the stack '\(found.text("stack-name"))', not '\(asked)': a stack keeps its name; "
                    + "take another --name")
        }
        return found
    }

    private func create() async throws(RoadsteadError) -> ResourceID {
        var document = request.content
        document["name"] = .string(request.name)
        document["stack-name"] = try await stackName().map(JSONValue.string)
        return try await client.add("deployment", document).requireResource()
    }
}
