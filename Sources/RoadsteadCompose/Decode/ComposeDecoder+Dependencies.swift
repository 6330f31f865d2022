extension ComposeDecoder {
    /// `[db, cache]` or `{db: {condition: service_healthy, restart: true, required: false}}`.
    func dependencies(_ node: YAMLNode?, at path: NodePath) -> [String: ComposeDependency] {
        var dependencies: [String: ComposeDependency] = [:]
        for (index, item) in (node?.list ?? []).enumerated() {
            guard let key = item.string else { continue }
            let origin = Origin(path: path.index(index), position: item.position)
            dependencies[key] = ComposeDependency(origin: origin)
        }
        for entry in node?.mapping?.entries ?? [] {
            var dependency = ComposeDependency(origin: Origin(path: path.key(entry.key), position: entry.position))
            if let text = entry.value["condition"]?.string,
                let condition = ServiceDependency.Condition(rawValue: text)
            {
                dependency.condition = condition
            }
            dependency.restart = entry.value["restart"]?.bool
            dependency.isRequired = entry.value["required"]?.bool
            dependencies[entry.key] = dependency
        }
        return dependencies
    }
}
