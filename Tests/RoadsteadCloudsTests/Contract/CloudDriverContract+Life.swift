import RoadsteadClouds

extension CloudDriverContract {
    static let life: [CloudDriverContract] = [
        CloudDriverContract(claim: "a machine comes up with an address in the zone that was asked for") { subject in
            let made = try await subject.made(.machine, "up")
            try require([.pending, .ready].contains(made.state), "\(made)")
            let ready = try await subject.eventually("ready", made.reference) { $0.state == .ready }
            try require(ready.address?.isEmpty == false, "\(ready)")
            try require(subject.machine.zone == nil || ready.zone == subject.machine.zone, "\(ready)")
            guard subject.driver.features.contains(.hostKeys) else { return }
            let told = try await subject.eventually("known by its host keys", made.reference) { !$0.hostKeys.isEmpty }
            try require(told.hostKeys.allSatisfy { $0.split(separator: " ").count >= 2 }, "\(told.hostKeys)")
        },
        CloudDriverContract(claim: "two machines have two addresses") { subject in
            let patience = subject.patience
            let one = try await subject.driver.ensure(
                .machine(subject.machine), tag: subject.tag("1"), patience: patience)
            let two = try await subject.driver.ensure(
                .machine(subject.machine), tag: subject.tag("2"), patience: patience)
            try require(one.address != two.address, "\(one) \(two)")
        },
        CloudDriverContract(claim: "a machine that was removed is made anew under its tag, and is another one") {
            subject in
            var machines: Set<CloudReference> = []
            for _ in 0..<3 {
                let machine = try await subject.driver.ensure(
                    .machine(subject.machine), tag: subject.tag("anew"), patience: subject.patience)
                try require(machines.insert(machine.reference).inserted, "the dead one again: \(machine)")
                try await subject.driver.remove(machine.reference)
            }
        },
        CloudDriverContract(claim: "a machine is stopped, started, restarted and killed", features: [.power]) {
            subject in
            let made = try await subject.made(.machine, "power").reference
            _ = try await subject.eventually("ready", made) { $0.state == .ready }
            for (order, state) in [
                (PowerOrder.stop, CloudResource.State.stopped), (.start, .ready), (.restart, .ready), (.kill, .stopped),
            ] {
                try await subject.driver.power(order, machine: made)
                let now = try await subject.eventually("\(state) after \(order)", made) { $0.state == state }
                try require(state != .ready || now.address != nil, "\(now)")
            }
        },
        CloudDriverContract(claim: "a firewall has exactly the rules that were set last", features: [.firewall]) {
            subject in
            let firewall = try await subject.made(.firewall, "rules").reference
            let sets: [[FirewallRule]] = [
                [.ssh, .ping, .overlay, .published], [.ssh, .published], [.ssh, .published], [.overlay], [],
            ]
            for rules in sets {
                try await subject.driver.setRules(rules, firewall: firewall)
                let now = try await subject.driver.resource(firewall)
                try require(now?.rules == Set(rules), "\(now?.rules as Any) instead of \(rules)")
            }
        },
        CloudDriverContract(claim: "a firewall is made with its rules", features: [.firewall]) { subject in
            let rules: [FirewallRule] = [.ssh, .ping, .overlay]
            let made = try await subject.driver.make(
                .firewall(FirewallRequest(rules: rules)), tag: subject.tag("firewall"))
            let now = try await subject.driver.resource(made.reference)
            try require(now?.rules == Set(rules), "\(now as Any)")
        },
        CloudDriverContract(claim: "clearing a cluster removes all of it in a right order, and nothing of another") {
            subject in
            var machine = subject.machine
            for kind in CloudKind.allCases where kind != .machine && subject.request(kind) != nil {
                let id = try await subject.made(kind, kind.rawValue).reference.id
                switch kind {
                case .firewall: machine.firewalls = [id]
                case .key: machine.key = id
                case .placement: machine.placement = id
                case .network, .machine: break
                }
            }
            _ = try await subject.driver.make(.machine(machine), tag: subject.tag("machine"))
            let theirs = try await subject.made(.machine, "theirs", of: subject.neighbour)
            try await subject.driver.clear(subject.cluster, patience: subject.patience)
            try require(try await subject.driver.resources(of: subject.cluster).isEmpty, "something is left")
            let rest = try await subject.driver.resources(of: subject.neighbour).map(\.reference)
            try require(rest == [theirs.reference], "\(rest)")
        },
    ]
}
