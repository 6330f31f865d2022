import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension DeploymentRules {
    /// Start, update, stop, and ours: the state changes, and the job that does it is queued, in one transaction. With what
    /// is to be deployed in the body of a start or an update (`module`, `parent`, `profiles`, `registries-credentials`) that is written
    /// in the same transaction: of two people who deploy at once one wins whole, and the other changes nothing.
    func launch(
        _ operation: DeploymentOperation, on document: StoredDocument, _ body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        let draft = job(operation, on: document, body, by: scope.requester)
        var document = document
        // Written by others meanwhile: all is decided anew on what is there now. The live watch writes, too.
        for _ in 0..<50 {
            let readied = try await readied(document, for: operation, body, in: scope)
            let launch = DeploymentLaunch(
                rules: self, operation: operation, draft: draft, deployment: readied,
                key: try await key(operation, for: readied, in: scope), sealer: scope.store.sealer,
                requester: scope.requester, isNameUnique: body["unique-name"] == true)
            if let job = try await scope.store.write({ try launch.run(in: $0) }) {
                return .operation(.accepted(draft.action, document.id.description, job: job.description))
            }
            document = try await scope.store.get(document.id)
        }
        throw RoadsteadError(
            .conflict, "\(document.id) is being changed by others all the time; try again",
            context: ["resource-id": document.id.description])
    }

    /// The deployment as the operation will have it, once what can be checked beforehand has been.
    private func readied(
        _ document: StoredDocument, for operation: DeploymentOperation, _ body: JSONObject, in scope: RequestScope
    ) async throws -> StoredDocument {
        guard operation != .stop else { return document }
        let asked = Self.asked(operation, body)
        if !asked.isEmpty {
            // Whoever may only start by the scope of a key must not change what is started.
            _ = try scope.admitted("edit", type.name, document.id)
            let rights = scope.rights(on: document.body)
            guard asked.keys.allSatisfy({ AttributeVisibility.isEditable($0, rights: rights) }),
                !Self.isItself(scope.requester, document.body)
            else { throw .forbidden(document.id.description) }
        }
        var wanted = try await changed(document.body, asked, in: scope)
        guard wanted["parent"] != nil else {
            throw RoadsteadError(
                .invalidState,
                "\(document.id) has no target: set parent to the credential of an infrastructure service",
                context: ["resource-id": document.id.description])
        }
        // The credential and its service must still be there, and the caller's to see.
        wanted = try await DeploymentTarget(scope: scope).applied(to: wanted)
        try DeploymentStanding(document: document.body).checkPlace(wanted)
        if [.start, .update].contains(operation) {
            try ApplicationReadiness.check(wanted)
            try await RegistryAccounts(store: scope.store).check(wanted)
        }
        try type.check(wanted)
        if [.start, .update].contains(operation), body["plan-id"] != nil {
            let plan = try await plan(document, body, in: scope)
            try DeploymentChoices(body).check(plan["plan-id"]?.stringValue ?? "", of: document.id)
        }
        return StoredDocument(id: document.id, revision: document.revision, body: wanted)
    }

    private static func asked(_ operation: DeploymentOperation, _ body: JSONObject) -> JSONObject {
        guard [.start, .update].contains(operation) else { return [:] }
        return body.filter { ["module", "parent", "profiles", "registries-credentials"].contains($0.key) }
    }

    /// Made at each start, and by an update for a deployment that has none yet: one that was adopted.
    private func key(
        _ operation: DeploymentOperation, for document: StoredDocument, in scope: RequestScope
    ) async throws -> DeploymentKey? {
        let isMade = operation == .start || (operation == .update && document["api-credentials"] == nil)
        return isMade ? try await DeploymentKey.make(for: document, in: scope) : nil
    }

    private static let payloads: [DeploymentOperation: Set<String>] = [
        .stop: ["delete", "remove-volumes", "remove-images"], .rollback: ["timeout", "revision"],
        .scale: ["timeout", "services"], .restart: ["timeout", "services"],
        .start: DeploymentChoices.attributes, .update: DeploymentChoices.attributes,
    ]

    private func job(
        _ operation: DeploymentOperation, on document: StoredDocument, _ body: JSONObject, by requester: Requester
    ) -> JobDraft {
        let wanted = Self.payloads[operation] ?? ["timeout"]
        var draft = JobDraft(
            operation.jobAction ?? operation.rawValue, on: document.id, by: requester,
            payload: body.filter { wanted.contains($0.key) }, of: document.body)
        if body["low-priority"] == true { draft.priority = JobDraft.backgroundPriority }
        return draft
    }
}

/// One operation that begins, within the transaction that decides whether it may.
struct DeploymentLaunch: Sendable {
    let rules: DeploymentRules
    let operation: DeploymentOperation
    let draft: JobDraft
    /// As the operation will have it; decided on the revision that it carries.
    let deployment: StoredDocument
    let key: DeploymentKey?
    let sealer: Sealer
    let requester: Requester
    /// Whether no other deployment of that name may have been started.
    var isNameUnique = false

    /// nil when the deployment has been changed since it was read.
    func run(in transaction: StoreTransaction) throws -> ResourceID? {
        let current = try transaction.get(draft.target)
        guard let state = DeploymentRules.state(of: current.body), state.allows(operation),
            let next = operation.stateWhileRunning
        else { throw rules.wrongState(operation.rawValue, current, try Self.work(on: current.id, in: transaction)) }
        guard current.revision == deployment.revision else { return nil }
        try check(current, in: transaction)
        if operation == .start {
            try checkStackIsFree(deployment, in: transaction)
            if isNameUnique { try checkNameIsFree(deployment, in: transaction) }
            if state == .stopped { try DeploymentRemoval.parameters(of: current.id, in: transaction) }
        }
        // A stop ends a start or update that is still under way.
        if operation == .stop {
            for job in try transaction.unfinishedJobs(target: current.id) { try transaction.cancelJob(job.id) }
        }
        try transaction.modify(current.id) { body in
            body = deployment.body
            body["state"] = .string(next.rawValue)
            body["updated-by"] = .string(requester.author)
        }
        try key?.insert(for: deployment, sealer: sealer, in: transaction)
        try transaction.record(
            EventDraft(.action, verb: operation.rawValue, on: current.body, type: rules.type.name, by: requester))
        var draft = self.draft
        if operation != .stop { draft.payload = DeploymentSettling.payload(draft.payload, from: state) }
        return try transaction.enqueue(draft).id
    }

    /// What the operation names must be there.
    private func check(_ deployment: StoredDocument, in transaction: StoreTransaction) throws {
        guard [.rollback, .scale, .restart].contains(operation) else { return }
        let history = DeploymentHistory(deployment: deployment)
        if operation != .rollback { try checkIsWhole(deployment) }
        if operation == .rollback {
            _ = try history.target(of: draft.payload?["revision"]?.integerValue, in: transaction)
            return
        }
        _ = try history.newest(in: transaction)
        let services = draft.payload?["services"]
        let names = services?.objectValue?.keys ?? services?.arrayValue?.compactMap(\.stringValue) ?? []
        let known = deployment["services"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard let unknown = names.first(where: { !known.contains($0) }) else { return }
        throw RoadsteadError(
            .notFound, "\(deployment.id) has no service \(unknown); there are: \(known.joined(separator: ", "))",
            context: ["resource-id": deployment.id.description])
    }

    /// Scale and restart go by the last revision: after a failure half-way that is not what runs.
    private func checkIsWhole(_ deployment: StoredDocument) throws {
        guard let failed = deployment["failed-operation"]?.stringValue else { return }
        let revision = deployment["revision"]?.integerValue.map { "revision \($0)" } ?? "what is recorded"
        throw RoadsteadError(
            .invalidState,
            "the last \(failed) of \(deployment.id) failed half-way, so that \(operation.rawValue) would bring \(revision) back; "
                + "update or roll back first, then \(operation.rawValue)",
            context: ["resource-id": deployment.id.description])
    }

    /// Two deployments must not fight for one stack.
    private func checkStackIsFree(_ deployment: StoredDocument, in transaction: StoreTransaction) throws {
        guard let service = deployment["infrastructure-service"]?.stringValue,
            let name = DeploymentStack.name(deployment.body)
        else { return }
        let query = DocumentQuery(
            type: rules.type.name,
            filter: .equal("infrastructure-service", .string(service)) && .equal("stack-name", .string(name)))
        let others = try transaction.query(query).documents.filter { other in
            other.id != deployment.id && DeploymentRules.state(of: other.body)?.isAtRest == false
        }
        guard let other = others.first else { return }
        throw RoadsteadError(
            .conflict,
            "stack \(name) on \(service) belongs to \(other.id) of \(other["owner"]?.stringValue ?? "somebody"), which is "
                + "\(other["state"]?.stringValue ?? "up")\(try Self.work(on: other.id, in: transaction)); "
                + "stop that one or choose another stack-name",
            context: ["resource-id": other.id.description])
    }

    /// Of two people who find no deployment of a name, and make one each, the second is told of the first.
    private func checkNameIsFree(_ deployment: StoredDocument, in transaction: StoreTransaction) throws {
        guard let service = deployment["infrastructure-service"]?.stringValue,
            let name = deployment["name"]?.stringValue, let owner = deployment["owner"]?.stringValue
        else { return }
        let query = DocumentQuery(
            type: rules.type.name,
            filter: .equal("infrastructure-service", .string(service)) && .equal("name", .string(name))
                && .equal("owner", .string(owner)))
        let others = try transaction.query(query).documents.filter { other in
            other.id != deployment.id && DeploymentRules.state(of: other.body) != .created
        }
        guard let other = others.first else { return }
        throw RoadsteadError(
            .conflict,
            "\(other.id) is called \(name), too, and was started on \(service) meanwhile"
                + "\(try Self.work(on: other.id, in: transaction)); deploy again to update that one, or take another name",
            context: ["resource-id": other.id.description])
    }

    /// Who is at work on a deployment, and by which job.
    static func work(on id: ResourceID, in transaction: StoreTransaction) throws -> String {
        guard let job = try transaction.unfinishedJobs(target: id).first else { return "" }
        let author = try transaction.find(job.id)?["created-by"]?.stringValue ?? "somebody"
        return " \(job.id) (\(job.action)) of \(author) is at work on it"
    }
}
