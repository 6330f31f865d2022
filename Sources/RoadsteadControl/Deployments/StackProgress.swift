import RoadsteadCompose

/// What happens while a stack is deployed or removed.
public enum StackProgress: Hashable, Sendable {
    /// One object is done: `created network shop_front`.
    case applied(kind: PlanStep.Kind, name: String, action: String)
    /// How far the services are.
    case watching(services: [ServiceProgress], fraction: Double)
    /// An object of a stack is removed, or a removal waits: `removed service shop_web`.
    case removing(String)
    /// A sentence for people, for example that the engine does not answer at the moment.
    case note(String)
}

extension StackProgress {
    /// One line for people.
    public var message: String {
        switch self {
        case .applied(let kind, let name, let action): "\(Self.past(action)) \(kind.rawValue) \(name)"
        case .watching(let services, _): Self.words(services)
        case .removing(let text), .note(let text): text
        }
    }

    private static func past(_ action: String) -> String {
        switch action {
        case "create": "created"
        case "update": "updated"
        case "remove": "removed"
        case "recreate": "recreated"
        case "check": "checked"
        default: action
        }
    }

    private static func words(_ services: [ServiceProgress]) -> String {
        let waiting = services.filter { $0.state == .converging }
        guard !waiting.isEmpty else { return "all services are decided" }
        let texts = waiting.prefix(5).map { "\($0.service) \($0.running + $0.completed)/\($0.desired) \($0.message)" }
        let rest = waiting.count > 5 ? ", and \(waiting.count - 5) more" : ""
        return "waiting for " + texts.joined(separator: ", ") + rest
    }
}
