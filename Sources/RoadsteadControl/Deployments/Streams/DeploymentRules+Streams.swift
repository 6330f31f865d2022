import DockerClient
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension DeploymentRules {
    /// What answers without end. What can be refused is refused here, before the stream begins.
    func stream(
        _ action: String, of document: StoredDocument, _ body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard document["parent"] != nil else {
            throw RoadsteadError(
                .invalidState, "\(document.id) has no target, and so no tasks",
                context: ["resource-id": document.id.description])
        }
        let arguments = StreamArguments(body: body)
        switch action {
        case "stream/logs":
            let query = try LogQuery(arguments, now: scope.now)
            let source = live.logs(of: document, query, logger: scope.logger)
            return ResourceAnswer(.events(Self.guarded(source, .manage, document.id, scope)))
        case "stream/stats":
            let source = live.stats(of: document, services: arguments.texts("service"), logger: scope.logger)
            return ResourceAnswer(.events(Self.guarded(source, .viewData, document.id, scope)))
        default:
            let request = try ConsoleRequest(arguments)
            let console = try await live.console(of: document, request, logger: scope.logger)
            return ResourceAnswer(.console(guarded(console, request, document, scope)))
        }
    }

    private static func guarded(
        _ source: EventSource, _ right: AccessRight, _ id: ResourceID, _ scope: RequestScope
    ) -> EventSource {
        EventSource(hasLines: source.hasLines) { send in
            try await scope.whileAllowed(right, on: id) { try await source.run(send) }
        }
    }

    /// Recorded when it begins: whoever asks for a console and cannot speak WebSocket had none.
    private func guarded(
        _ console: Console, _ request: ConsoleRequest, _ document: StoredDocument, _ scope: RequestScope
    ) -> Console {
        Console(place: console.place) { input, send in
            do {
                try await record(request, on: document, place: console.place, in: scope)
                try await scope.whileAllowed(.manage, on: document.id) { await console.run(input, send) }
            } catch {
                // Whoever sat there may have gone as well.
                try? await send(.failure(RoadsteadError.translating(error).message))
            }
        }
    }

    /// Who had a console where. Not what was typed: only the program's name, as arguments may be secrets.
    private func record(
        _ request: ConsoleRequest, on document: StoredDocument, place: String, in scope: RequestScope
    ) async throws {
        let program = request.command.first ?? ""
        try await scope.store.write { transaction in
            var event = EventDraft(
                .action, verb: "exec", on: document.body, type: ResourceType.deployment.name, by: scope.requester)
            event.text = "\(scope.requester.author): exec \(program.prefix(200)) in \(place)"
            event.severity = .high
            try transaction.record(event)
        }
    }
}
