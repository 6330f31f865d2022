/// Makes a `ClusterRoster`; pure.
struct ClusterRosterBuilder {
    private typealias Member = ClusterRoster.Member

    private let specification: ClusterSpecification
    private let machines: [ClusterMachine]
    private var members: [Member] = []
    private var surplus: [String] = []
    private var takenNumbers: Set<Int>
    private var nextNumber = 1

    init(_ specification: ClusterSpecification, _ machines: [ClusterMachine]) {
        self.specification = specification
        let name = specification.name
        self.machines = machines.filter { $0.state != .removed }.sorted { left, right in
            Self.order(left.name, right.name, in: name)
        }
        takenNumbers = Set(self.machines.compactMap { ClusterNames.number(of: $0.name, in: name) })
    }

    mutating func build() -> ClusterRoster {
        let dead = machines.filter { !$0.state.isLiving }
        let living = machines.filter(\.state.isLiving)
        if specification.isGeneric { assignHosts(living) } else { assign(living) }
        members.sort { left, right in
            left.role == right.role
                ? Self.order(left.name, right.name, in: specification.name) : left.role == .manager
        }
        return ClusterRoster(members: members, surplus: dead.map(\.name) + surplus)
    }

    // MARK: Machines that a driver makes

    private mutating func assign(_ living: [ClusterMachine]) {
        members = living.map { Member(name: $0.name, role: $0.role, zone: $0.zone, host: nil, isNew: false) }
        while count(.manager) < specification.managers, count(.worker) > specification.workers { promote() }
        while count(.manager) > specification.managers {
            guard let index = surplusManager() else { break }
            if count(.worker) < specification.workers { members[index].role = .worker } else { remove(at: index) }
        }
        while count(.worker) > specification.workers {
            guard let index = members.lastIndex(where: { $0.role == .worker }) else { break }
            remove(at: index)
        }
        // What is removed first is told first: workers before managers.
        surplus = sortedSurplus(living)
        while count(.manager) < specification.managers { add(.manager) }
        while count(.worker) < specification.workers { add(.worker) }
    }

    private func count(_ role: MachineRole) -> Int { members.count { $0.role == role } }

    /// The worker whose zone has the fewest managers becomes one.
    private mutating func promote() {
        let candidates = members.indices.filter { members[$0].role == .worker }
        guard let best = candidates.min(by: { managers(in: members[$0].zone) < managers(in: members[$1].zone) }) else {
            return
        }
        members[best].role = .manager
    }

    /// Of the managers in the zone that has the most: the one with the highest number.
    private func surplusManager() -> Int? {
        let candidates = members.indices.filter { members[$0].role == .manager }
        return candidates.reversed().max { managers(in: members[$0].zone) < managers(in: members[$1].zone) }
    }

    private func managers(in zone: String?) -> Int { members.count { $0.role == .manager && $0.zone == zone } }

    private mutating func remove(at index: Int) {
        surplus.append(members[index].name)
        members.remove(at: index)
    }

    private func sortedSurplus(_ living: [ClusterMachine]) -> [String] {
        let roles = Dictionary(living.map { ($0.name, $0.role) }) { $1 }
        return surplus.filter { roles[$0] == .worker } + surplus.filter { roles[$0] == .manager }
    }

    private mutating func add(_ role: MachineRole, host: ClusterHost? = nil) {
        let zone = host == nil ? emptiestZone(for: role) : host?.zone
        members.append(Member(name: newName(), role: role, zone: zone, host: host, isNew: true))
    }

    /// Managers go where the fewest managers are, workers where the fewest nodes are; ties by the other count, then by the
    /// order in which the zones are written.
    private func emptiestZone(for role: MachineRole) -> String? {
        specification.zones.min { left, right in weight(left, role) < weight(right, role) }
    }

    private func weight(_ zone: String, _ role: MachineRole) -> (Int, Int) {
        let all = members.count { $0.zone == zone }
        let managers = managers(in: zone)
        return role == .manager ? (managers, all) : (all, all - managers)
    }

    // MARK: Hosts that exist

    private mutating func assignHosts(_ living: [ClusterMachine]) {
        let known = Dictionary(living.compactMap { machine in machine.host.map { ($0, machine) } }) { first, _ in first
        }
        let keys = Set(specification.hosts.map(\.key))
        for host in specification.hosts {
            guard let machine = known[host.key] else { continue }
            members.append(Member(name: machine.name, role: host.role, zone: host.zone, host: host, isNew: false))
        }
        surplus = living.reversed().filter { !($0.host.map(keys.contains) ?? false) }.map(\.name)
        surplus = sortedSurplus(living)
        for host in specification.hosts where known[host.key] == nil { add(host.role, host: host) }
    }

    // MARK: Names

    private mutating func newName() -> String {
        while takenNumbers.contains(nextNumber) { nextNumber += 1 }
        takenNumbers.insert(nextNumber)
        return ClusterNames.machine(nextNumber, of: specification.name)
    }

    /// By number; names of another form (adopted machines) come first.
    private static func order(_ left: String, _ right: String, in cluster: String) -> Bool {
        let numbers = (
            ClusterNames.number(of: left, in: cluster) ?? 0, ClusterNames.number(of: right, in: cluster) ?? 0
        )
        return numbers.0 == numbers.1 ? left < right : numbers.0 < numbers.1
    }
}
