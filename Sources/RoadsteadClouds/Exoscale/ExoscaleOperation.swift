import RoadsteadBasics

/// What Exoscale does after it answered: pending, then done or failed.
struct ExoscaleOperation: Sendable, Hashable {
    enum State: String, Sendable { case pending, success, failure, timeout }

    let id: String
    let state: State
    /// Exoscale's word for why it failed: `busy`, `conflict`, `unavailable`, ...
    let reason: String
    let message: String
    /// Of what it makes or changes.
    let reference: String?

    /// nil for what is no operation.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.stringValue, let state = json["state"]?.stringValue.flatMap(State.init) else {
            return nil
        }
        (self.id, self.state) = (id, state)
        reason = json["reason"]?.stringValue ?? ""
        message = json["message"]?.stringValue ?? ""
        reference = json["reference"]?["id"]?.stringValue
    }
}
