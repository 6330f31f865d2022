/// The way from the root of a Compose file to a node: `services.web.ports[0]`.
struct NodePath: Hashable, Sendable, CustomStringConvertible {
    enum Component: Hashable, Sendable {
        case key(String)
        case index(Int)

        var isIndex: Bool { if case .index = self { true } else { false } }
    }

    private(set) var components: [Component] = []

    init() {}

    init(_ keys: String...) { components = keys.map(Component.key) }

    func key(_ name: String) -> NodePath { appending(.key(name)) }

    func index(_ number: Int) -> NodePath { appending(.index(number)) }

    private func appending(_ component: Component) -> NodePath {
        var longer = self
        longer.components.append(component)
        return longer
    }

    /// The name of the service that the place is in.
    var service: String? {
        guard components.count > 1, components[0] == .key("services"), case .key(let name) = components[1] else {
            return nil
        }
        return name
    }

    var description: String {
        components.reduce(into: "") { text, component in
            switch component {
            case .key(let name): text += text.isEmpty ? name : "." + name
            case .index(let number): text += "[\(number)]"
            }
        }
    }
}
