import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// E-mail addresses. Any user adds some, which are not validated until the server can send e-mail.
struct EmailRules: ResourceRules {
    let type = ResourceType.email

    /// The id is made of the address, so that a second one is a conflict. Who adds it owns it, whatever the request says.
    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        var email = body
        email["validated"] = false
        if !scope.requester.isAdmin || email["parent"] == nil {
            email["parent"] = scope.requester.userID.flatMap { $0.hasPrefix("user/") ? .string($0) : nil }
        }
        return ResourceDraft(
            email, identifier: NameBasedUUID.make(body["address"]?.stringValue ?? ""),
            access: AccessList(owners: [scope.requester.activeClaim]))
    }

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        operation != "validate" || document["validated"]?.boolValue != true
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard action == "validate" else { throw RoadsteadError.noSuchAction(action, document.id.description) }
        let address = document["address"]?.stringValue ?? ""
        guard offers(action, on: document.body) else {
            throw RoadsteadError(
                .invalidInput, "'\(address)' is validated already", context: ["resource-id": document.id.description])
        }
        throw RoadsteadError.needsEmail("to validate '\(address)'")
    }
}
