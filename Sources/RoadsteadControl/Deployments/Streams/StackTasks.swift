import DockerAPI
import DockerClient
import RoadsteadCompose

/// The tasks of a stack as people name them: by id, by the beginning of an id, `web.1`, or `web`.
struct StackTasks: Sendable {
    /// Ids of services with their names in the file.
    let services: [String: String]
    let tasks: [SwarmTask]

    init(stack: String, _ client: EngineClient) async throws(EngineError) {
        let label = StackEngine.label(stack)
        self.init(stack: stack, services: try await client.services(label), tasks: try await client.tasks(label))
    }

    init(stack: String, services: [Service], tasks: [SwarmTask]) {
        self.services = Dictionary(
            services.map { ($0.id, StackEngine.key($0.spec.name ?? $0.id, stack: stack)) }, uniquingKeysWith: { $1 })
        self.tasks = tasks
    }

    func service(of task: SwarmTask) -> String? { task.serviceID.flatMap { services[$0] } }

    static func slot(of task: SwarmTask) -> Int? { task.slot.flatMap { $0 > 0 ? $0 : nil } }

    /// `web.1`, or `web` where the service has one task a node.
    func name(of task: SwarmTask) -> String {
        (service(of: task) ?? "") + (Self.slot(of: task).map { ".\($0)" } ?? "")
    }

    /// All that the name fits, ended ones too.
    func matching(_ wanted: String) -> [SwarmTask] {
        tasks.filter { task in
            Self.fits(wanted, task: task.id, service: service(of: task) ?? "", slot: Self.slot(of: task))
        }
    }

    static func fits(_ wanted: String, task: String?, service: String, slot: Int?) -> Bool {
        if let task, isID(wanted, of: task) { return true }
        return wanted == service || slot.map { wanted == "\(service).\($0)" } ?? false
    }

    /// The id itself, or its beginning.
    static func isID(_ wanted: String, of task: String) -> Bool {
        task == wanted || (wanted.count >= 6 && task.hasPrefix(wanted))
    }
}
