/// Whether a Compose text is made for a Swarm or for one engine, by the keys that its services have.
///
/// The rule is the dialect's old one: a key that only a Swarm heeds (`deploy`) or no telling key at all means a Swarm;
/// keys that only `docker compose` heeds mean one engine; with both it is a Swarm, where the latter are ignored.
public enum ComposeCompatibility: String, Sendable, CaseIterable {
    case swarm
    case dockerCompose = "docker-compose"

    /// A text that cannot be read is taken for a Swarm's: whoever deploys it is told what is wrong with it.
    public static func inferred(from text: String) -> ComposeCompatibility {
        guard let root = try? YAMLReader.read(text, file: "compose") else { return .swarm }
        let services = root["services"]?.mapping?.entries.compactMap(\.value.mapping) ?? []
        let keys = Set(services.flatMap { $0.entries.map(\.key) })
        return keys.isDisjoint(with: ofOneEngine) || !keys.isDisjoint(with: ofSwarm) ? .swarm : .dockerCompose
    }

    private static let ofSwarm: Set<String> = ["deploy", "configs"]

    /// Without them a service is another one, and no Swarm has them.
    private static let ofOneEngine: Set<String> = [
        "blkio_config", "build", "cgroup", "cgroup_parent", "container_name", "device_cgroup_rules", "devices",
        "external_links", "gpus", "ipc", "links", "mac_address", "network_mode", "oom_kill_disable", "pid",
        "privileged",
        "runtime", "security_opt", "shm_size", "storage_opt", "userns_mode", "uts", "volumes_from",
    ]
}
