/// The one table of what a Swarm cannot do of what a Compose file may ask for. Documentation/compose.md shows it.
///
/// Refused is what a program would fail without, or what has a good replacement; the rest is warned about, and what
/// `docker stack deploy` takes is never refused.
extension UnsupportedKey {
    public static let all: [UnsupportedKey] = running + building

    private static let running = [
        UnsupportedKey(
            "services.*.annotations", .warned,
            "the containers of a Swarm have no annotations; labels are handed on"),
        UnsupportedKey("services.*.attach", .warned, "it is about the output of `docker compose up`"),
        UnsupportedKey("services.*.blkio_config", .warned, "a Swarm does not share out the bandwidth of disks"),
        UnsupportedKey("services.*.cgroup", .warned, "the engine of each node decides"),
        UnsupportedKey("services.*.cgroup_parent", .warned, "the engine of each node decides"),
        UnsupportedKey("services.*.cgroupns_mode", .warned, "the engine of each node decides"),
        UnsupportedKey(
            "services.*.container_name", .warned,
            "a Swarm names its containers; services reach each other by the names of services"),
        UnsupportedKey("services.*.cpu_count", .refused, "set deploy.resources.limits.cpus"),
        UnsupportedKey("services.*.cpu_percent", .refused, "set deploy.resources.limits.cpus"),
        UnsupportedKey("services.*.cpu_period", .refused, "set deploy.resources.limits.cpus"),
        UnsupportedKey("services.*.cpu_quota", .refused, "set deploy.resources.limits.cpus"),
        UnsupportedKey("services.*.cpu_rt_period", .refused, "a Swarm has no real-time scheduling"),
        UnsupportedKey("services.*.cpu_rt_runtime", .refused, "a Swarm has no real-time scheduling"),
        UnsupportedKey(
            "services.*.cpu_shares", .refused,
            "set deploy.resources.limits.cpus and deploy.resources.reservations.cpus"),
        UnsupportedKey(
            "services.*.cpuset", .refused,
            "set deploy.resources.limits.cpus; a Swarm pins no tasks to processors"),
        UnsupportedKey(
            "services.*.deploy.resources.reservations.devices", .refused,
            "let the nodes advertise generic resources and reserve those by "
                + "deploy.resources.reservations.generic_resources"),
        UnsupportedKey("services.*.develop", .warned, "it is about work on one machine"),
        UnsupportedKey("services.*.device_cgroup_rules", .warned, "a Swarm hands no devices to containers"),
        UnsupportedKey(
            "services.*.devices", .warned,
            "a Swarm hands no devices to containers; mount what the program needs from the host, on nodes "
                + "chosen by deploy.placement"),
        UnsupportedKey(
            "services.*.domainname", .warned,
            "a Swarm sets no domain names; write the whole name as hostname"),
        UnsupportedKey("services.*.expose", .warned, "services on one network reach each other on all ports"),
        UnsupportedKey("services.*.external_links", .warned, "put both services on one network"),
        UnsupportedKey(
            "services.*.gpus", .refused,
            "let the nodes advertise generic resources and reserve those by "
                + "deploy.resources.reservations.generic_resources"),
        UnsupportedKey("services.*.ipc", .warned, "tasks of a Swarm do not share memory with others"),
        UnsupportedKey(
            "services.*.links", .warned,
            "services on one network reach each other by name; for an order, use depends_on"),
        UnsupportedKey("services.*.mac_address", .warned, "a Swarm chooses the addresses of tasks"),
        UnsupportedKey("services.*.models", .refused, "a Swarm runs no models; run the model server as a service"),
        UnsupportedKey(
            "services.*.network_mode", .warned,
            "a service of a Swarm joins overlay networks; for the host's own network, use the external "
                + "network named host"),
        UnsupportedKey("services.*.networks.*.gw_priority", .warned, "a Swarm chooses the gateway"),
        UnsupportedKey("services.*.networks.*.interface_name", .warned, "a Swarm names the interfaces"),
        UnsupportedKey("services.*.networks.*.ipv4_address", .warned, "a Swarm chooses the addresses of tasks"),
        UnsupportedKey("services.*.networks.*.ipv6_address", .warned, "a Swarm chooses the addresses of tasks"),
        UnsupportedKey("services.*.networks.*.link_local_ips", .warned, "a Swarm chooses the addresses of tasks"),
        UnsupportedKey("services.*.networks.*.mac_address", .warned, "a Swarm chooses the addresses of tasks"),
        UnsupportedKey("services.*.networks.*.priority", .warned, "a Swarm joins networks in an order of its own"),
        UnsupportedKey("services.*.oom_kill_disable", .warned, "the kernel of each node decides"),
        UnsupportedKey("services.*.pid", .warned, "tasks of a Swarm do not share their processes with others"),
        UnsupportedKey("services.*.ports.[].app_protocol", .warned, "a Swarm keeps no note of it"),
        UnsupportedKey("services.*.ports.[].host_ip", .warned, "a Swarm publishes ports on all addresses of its nodes"),
        UnsupportedKey(
            "services.*.post_start", .refused,
            "a Swarm runs nothing beside a task; do it in the image's entry point, or in a service of mode "
                + "replicated-job"),
        UnsupportedKey(
            "services.*.pre_start", .refused,
            "a Swarm runs nothing before a task; do it in the image's entry point, or in a service of mode "
                + "replicated-job that this one depends on"),
        UnsupportedKey(
            "services.*.pre_stop", .refused,
            "a Swarm runs nothing beside a task; let the program react to stop_signal"),
        UnsupportedKey(
            "services.*.privileged", .warned,
            "a Swarm runs no privileged containers; name what is needed by cap_add"),
        UnsupportedKey("services.*.provider", .refused, "it is run by plugins of docker compose"),
        UnsupportedKey(
            "services.*.pull_policy", .warned,
            "a Swarm runs images by digest, and pulls one where it is not there yet"),
        UnsupportedKey(
            "services.*.pull_refresh_after", .warned,
            "a Swarm runs images by digest, and pulls one where it is not there yet"),
        UnsupportedKey("services.*.runtime", .warned, "the engine of each node decides"),
        UnsupportedKey("services.*.shm_size", .warned, "mount a tmpfs of that size at /dev/shm"),
        UnsupportedKey("services.*.storage_opt", .warned, "the engine of each node decides"),
        UnsupportedKey(
            "services.*.use_api_socket", .refused,
            "mount /var/run/docker.sock on nodes chosen by deploy.placement"),
        UnsupportedKey("services.*.userns_mode", .warned, "the engine of each node decides"),
        UnsupportedKey("services.*.uts", .warned, "tasks of a Swarm do not share the host's name"),
        UnsupportedKey("services.*.volume_driver", .refused, "name the driver in the top-level volumes"),
        UnsupportedKey(
            "services.*.volumes.[].bind.create_host_path", .warned,
            "create the directory on every node that may run a task"),
        UnsupportedKey("services.*.volumes.[].bind.selinux", .warned, "a Swarm does not relabel host directories"),
        UnsupportedKey("services.*.volumes.[].image", .refused, "a Swarm mounts no images"),
        UnsupportedKey("services.*.volumes.[].tmpfs.mode", .warned, "docker does not hand it on to the Swarm"),
        UnsupportedKey(
            "services.*.volumes_from", .refused,
            "define the volume in the top-level volumes and mount it in each service"),
        UnsupportedKey("networks.*.enable_ipv4", .warned, "the engine decides"),
        UnsupportedKey("networks.*.ipam.config.[].aux_addresses", .warned, "a Swarm chooses the addresses of tasks"),
        UnsupportedKey("volumes.*.x-cluster-spec", .warned, "cluster volumes are not supported"),
        UnsupportedKey("models", .warned, "a Swarm runs no models; run the model server as a service"),
    ]

    private static let building = [
        UnsupportedKey(
            "services.*.build", .warned,
            "the image is taken from its registry as it is; `deploy --build` makes it and pushes it there",
            whenBuilding: false),
        UnsupportedKey(
            "services.*.build.additional_contexts", .refused,
            "copy what is needed into the context", whenBuilding: true),
        UnsupportedKey("services.*.build.cache_to", .warned, "the engine keeps its own cache", whenBuilding: true),
        UnsupportedKey(
            "services.*.build.entitlements", .refused,
            "the engine builds without extra rights", whenBuilding: true),
        UnsupportedKey("services.*.build.isolation", .warned, "the engine decides", whenBuilding: true),
        UnsupportedKey(
            "services.*.build.no_cache_filter", .warned,
            "the engine uses its cache for all stages or, with no_cache, "
                + "for none", whenBuilding: true),
        UnsupportedKey(
            "services.*.build.privileged", .refused,
            "the engine builds without extra rights", whenBuilding: true),
        UnsupportedKey("services.*.build.provenance", .warned, "the engine writes no attestations", whenBuilding: true),
        UnsupportedKey("services.*.build.sbom", .warned, "the engine writes no attestations", whenBuilding: true),
        UnsupportedKey(
            "services.*.build.secrets", .refused,
            "the engine's own builder takes no secrets", whenBuilding: true),
        UnsupportedKey(
            "services.*.build.ssh", .refused,
            "the engine's own builder takes no ssh agents", whenBuilding: true),
        UnsupportedKey("services.*.build.ulimits", .warned, "the engine decides", whenBuilding: true),
    ]

    static let tree = PathTree(all.map { ($0.path, $0) })

    /// The rows as a table in Markdown.
    public static var markdown: String {
        let head = ["| key | what happens | why, and what to do |", "|---|---|---|"]
        let rows = all.map { row in
            "| `\(row.path)` | \(row.effect.rawValue)\(row.whenBuilding.map { $0 ? " with `--build`" : " without `--build`" } ?? "") | \(row.reason) |"
        }
        return (head + rows).joined(separator: "\n")
    }
}
