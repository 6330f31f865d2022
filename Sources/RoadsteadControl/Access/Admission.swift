import RoadsteadBasics
import RoadsteadModel

extension RequestScope {
    /// This request as it counts for resources of a type: what every use case asks first.
    ///
    /// Throws `forbidden` when the API key behind the request is not meant for it. Requests on groups are made as the user,
    /// whichever ordinary group the session acts for: a group has members, not groups, among those who may change it.
    func admitted(_ verb: String, _ type: String, _ id: ResourceID? = nil) throws(RoadsteadError) -> RequestScope {
        let named = id?.description ?? type
        guard requester.permits(verb, type: type, id: id?.description) else {
            throw RoadsteadError(
                .forbidden, "the scope of the API key does not allow '\(verb)' on \(named)",
                context: ["resource-id": named])
        }
        guard type == "group" else { return self }
        var scope = acting(as: requester.withoutOrdinaryGroup)
        scope.idempotency = idempotency
        return scope
    }
}

extension Requester {
    /// The user behind a session that acts for a group; built-in groups keep their powers.
    var withoutOrdinaryGroup: Requester {
        guard let userID, userID.hasPrefix("user/"), activeClaim.hasPrefix("group/"),
            !Principal.builtInGroups.contains(activeClaim)
        else { return self }
        var user = Requester.user(userID, session: session)
        user.scope = scope
        user.key = key
        return user
    }
}
