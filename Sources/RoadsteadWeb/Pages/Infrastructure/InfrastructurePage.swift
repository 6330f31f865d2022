import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// `/infrastructures/:id`: one service, its checks, with whom it is shared, and what has happened to it.
enum InfrastructurePage {
    static let routes = [
        PageRoute("GET", "/infrastructures/:id") { try await show($0) },
        PageRoute("POST", "/infrastructures/:id/check") { call in
            try await done(.checking, call) { try await check(call) }
        },
        PageRoute("POST", "/infrastructures/:id/share") { call in
            try await done(.shared, call) { try await share(call, right(call)) }
        },
        PageRoute("POST", "/infrastructures/:id/unshare") { call in
            try await done(.unshared, call) { try await share(call, nil) }
        },
        PageRoute("POST", "/infrastructures/:id/remove") { try await remove($0) },
    ]

    private static let type = "infrastructure-service"

    private static func show(_ call: PageCall, status: Int = 200, problem: String? = nil) async throws -> PageAnswer {
        let id = try call.id(type)
        let service = try await call.resources.get(id, in: call.scope)
        let credentials = try await ServiceCredentials.of([service], in: call)[id.description] ?? []
        let events = try await call.resources.query(
            "event",
            QueryParameters(
                filters: ["content/resource/href='\(id)'"], last: 10, orderBy: [.init("timestamp", isAscending: false)]),
            in: call.scope)
        let principals = try await Principals.known(in: call)
        let model = InfrastructureModel(
            service, credentials: credentials, events: events.resources, principals: principals,
            notice: Notice.text(call.fields), problem: problem)
        return .page(PageView(title: model.name, template: "infrastructure", model: model, status: status))
    }

    /// Back to the page with a word about what was done, or on it with the reason why not.
    private static func done(
        _ notice: Notice, _ call: PageCall, _ work: () async throws -> Void
    ) async throws -> PageAnswer {
        do {
            try await work()
            return .redirect("/infrastructures/\(try call.id(type).identifier)?done=\(notice.rawValue)")
        } catch let error as RoadsteadError where error.code != .internal {
            let answer = ErrorAnswer(error)
            return try await show(call, status: answer.status, problem: Words.sentence(answer.message))
        }
    }

    private static func check(_ call: PageCall) async throws {
        let service = try await call.resources.get(try call.id(type), in: call.scope)
        let credentials = try await ServiceCredentials.of([service], in: call).values.flatMap { $0 }
        guard !credentials.isEmpty else {
            throw RoadsteadError(.invalidState, "it has no credential that you can see, so that nothing can be tried")
        }
        for id in credentials.compactMap({ $0["id"]?.stringValue.flatMap { ResourceID($0) } }) {
            _ = try await call.resources.perform("check", on: id, in: call.scope)
        }
    }

    private static func right(_ call: PageCall) throws -> ShareRight {
        guard let right = call.fields["right"].flatMap(ShareRight.init(rawValue:)) else {
            throw RoadsteadError(.invalidInput, "choose what they may do: view, use, edit or manage")
        }
        return right
    }

    /// The service, and with it the credentials that the caller may share: nobody can deploy with a service alone.
    private static func share(_ call: PageCall, _ right: ShareRight?) async throws {
        let who = try await Principals.find(call.fields["who"] ?? "", in: call)
        let id = try call.id(type)
        try await Sharing.set(right, for: who, on: id, in: call)
        guard right == nil || call.fields["with-credentials"] != nil else { return }
        let service = try await call.resources.get(id, in: call.scope)
        for credential in try await ServiceCredentials.of([service], in: call).values.flatMap({ $0 }) {
            guard (try? ShareList(credential)) != nil,
                let id = credential["id"]?.stringValue.flatMap({ ResourceID($0) })
            else { continue }
            try await Sharing.set(right, for: who, on: id, in: call)
        }
    }

    private static func remove(_ call: PageCall) async throws -> PageAnswer {
        let id = try call.id(type)
        let service = try await call.resources.get(id, in: call.scope)
        let name = service["name"]?.stringValue ?? id.description
        guard call.fields["confirm"] == name.trimming({ $0.isWhitespace }) else {
            return try await show(
                call, status: 400, problem: "Nothing was removed: type its name, '\(name)', to confirm.")
        }
        let credentials = try await ServiceCredentials.of([service], in: call).values.flatMap { $0 }
        do {
            _ = try await call.resources.delete(id, in: call.scope)
        } catch let error as RoadsteadError where error.code != .internal {
            let answer = ErrorAnswer(error)
            return try await show(call, status: answer.status, problem: Words.sentence(answer.message))
        }
        for id in credentials.compactMap({ $0["id"]?.stringValue.flatMap { ResourceID($0) } }) {
            // One that is not the caller's to remove stays with its owner.
            _ = try? await call.resources.delete(id, in: call.scope)
        }
        return .redirect("/infrastructures?done=removed")
    }
}
