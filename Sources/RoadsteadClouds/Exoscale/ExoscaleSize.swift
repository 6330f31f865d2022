import RoadsteadBasics

/// One of Exoscale's instance types.
struct ExoscaleSize: Sendable, Hashable {
    let id: String
    /// `standard`, `memory`, `cpu`, ...
    let family: String
    /// `small`, `extra-large`, ...
    let size: String
    let cores: Int
    /// MiB.
    let memory: Int

    /// nil for what the account may not use.
    init?(_ item: JSONValue) {
        guard let id = item["id"]?.stringValue, let family = item["family"]?.stringValue,
            let size = item["size"]?.stringValue, let cores = item["cpus"]?.integerValue,
            let memory = item["memory"]?.integerValue, item["authorized"]?.boolValue != false
        else { return nil }
        (self.id, self.family, self.size) = (id, family, size)
        (self.cores, self.memory) = (Int(cores), Int(memory >> 20))
    }

    /// What people write: the standard family by its size alone, as the deployment script did.
    var name: String { family == "standard" ? size : "\(family).\(size)" }

    func isMeant(by text: String) -> Bool {
        let text = text.lowercased()
        return [id, name, "\(family).\(size)"].contains(text)
    }
}
