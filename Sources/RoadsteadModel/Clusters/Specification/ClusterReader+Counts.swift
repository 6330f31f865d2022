import RoadsteadBasics

extension ClusterReader {
    /// How many managers and workers there shall be, of `nodes`, `managers`, `workers` and `hosts`, of which any may be
    /// missing: by default one node, the first of them the manager.
    mutating func readCounts() -> (managers: Int, workers: Int) {
        guard !["nodes", "managers", "workers", "hosts"].contains(where: isFlawed) else { return (1, 0) }
        let hosts = value("hosts")?.arrayValue
        let (wanted, workers) = (count("managers"), count("workers"))
        var (nodes, path) = (count("nodes"), "nodes")
        if let hosts {
            if let nodes, nodes != hosts.count {
                refuse("nodes", "is \(nodes), but there are \(hosts.count) hosts: remove nodes, or list as many hosts")
            }
            (nodes, path) = (hosts.count, "hosts")
        }
        let managers = wanted ?? impliedManagers(nodes, workers, hosts)
        guard ClusterSpecification.managerCounts.contains(managers) else {
            refuseManagers(managers, isWritten: wanted != nil, path)
            return (1, 0)
        }
        let total = nodes ?? managers + (workers ?? 0)
        checkTotal(total, managers, workers, path)
        return (managers, max(0, total - managers))
    }

    private func count(_ name: String) -> Int? { value(name).flatMap(Self.integer) }

    private func impliedManagers(_ nodes: Int?, _ workers: Int?, _ hosts: [JSONValue]?) -> Int {
        if let nodes, let workers { return nodes - workers }
        let named = hosts?.count { $0["role"]?.stringValue == MachineRole.manager.rawValue } ?? 0
        return max(1, named)
    }

    private mutating func refuseManagers(_ managers: Int, isWritten: Bool, _ path: String) {
        if isWritten || managers > 5 || managers == 2 || managers == 4 {
            let place = isWritten ? "managers" : path
            let remark =
                managers.isMultiple(of: 2)
                ? "an even number survives no more losses than \(managers - 1)" : "more slow it down"
            refuse(place, "would make \(managers) managers: use 1, 3 or 5, since \(remark)")
        } else {
            refuse("workers", "leaves no node to be the manager: use fewer workers or more nodes")
        }
    }

    private mutating func checkTotal(_ total: Int, _ managers: Int, _ workers: Int?, _ path: String) {
        let limit = ClusterSpecification.nodeLimit
        if total > limit { refuse("workers", "makes \(total) nodes: \(limit) is the most that a cluster can have") }
        if total < managers {
            refuse("managers", "is \(managers), more than the \(total) of \(path): use fewer managers or more nodes")
        } else if let workers, managers + workers != total {
            refuse(
                "workers",
                "is \(workers), which with \(managers) of managers does not make the \(total) of \(path): remove one of them"
            )
        }
    }
}
