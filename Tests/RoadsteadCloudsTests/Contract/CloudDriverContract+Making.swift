import RoadsteadClouds

extension CloudDriverContract {
    static let making: [CloudDriverContract] = [
        CloudDriverContract(claim: "each kind that the cloud has is made, described and listed with its tag") {
            subject in
            for kind in CloudKind.allCases where subject.request(kind) != nil {
                let tag = subject.tag(kind.rawValue)
                let made = try await subject.made(kind, kind.rawValue)
                try require(made.reference.kind == kind && made.tag == tag, "\(made)")
                let described = try await subject.driver.resource(made.reference)
                try require(described?.reference == made.reference && described?.tag == tag, "\(described as Any)")
                let listed = try await subject.driver.resources(of: subject.cluster)
                try require(listed.filter { $0.tag == tag }.map(\.reference) == [made.reference], "\(listed)")
            }
        },
        CloudDriverContract(claim: "a kind that the cloud does not have is unsupported") { subject in
            for kind in CloudKind.allCases {
                guard let feature = kind.feature, !subject.driver.features.contains(feature) else { continue }
                let request: CloudRequest =
                    switch kind {
                    case .network: .network(NetworkRequest(range: "10.20.0.0/24"))
                    case .firewall: .firewall(FirewallRequest(rules: []))
                    case .key: .key(KeyRequest(publicKey: "ssh-ed25519 AAAA"))
                    case .placement, .machine: .placement
                    }
                try await failure(.unsupported) { _ = try await subject.driver.make(request, tag: subject.tag("no")) }
            }
        },
        CloudDriverContract(claim: "a second call with the same tag gives the first one's thing") { subject in
            for kind in CloudKind.allCases where subject.request(kind) != nil {
                let first = try await subject.made(kind, "same-" + kind.rawValue)
                let second = try await subject.made(kind, "same-" + kind.rawValue)
                try require(first.reference == second.reference, "\(first) \(second)")
                let other = try await subject.made(kind, "other-" + kind.rawValue)
                try require(first.reference != other.reference, "two tokens share one thing")
            }
            let listed = try await subject.driver.resources(of: subject.cluster)
            try require(Set(listed.map(\.reference)).count == listed.count, "\(listed)")
            let kinds = CloudKind.allCases.filter { subject.request($0) != nil }
            try require(listed.count == 2 * kinds.count, "\(listed)")
        },
        CloudDriverContract(claim: "one cluster's list never shows another's things") { subject in
            let own = try await subject.made(.machine, "one")
            let theirs = try await subject.made(.machine, "one", of: subject.neighbour)
            try require(own.reference != theirs.reference, "the token of another cluster was taken for one's own")
            let listed = try await subject.driver.resources(of: subject.cluster).map(\.reference)
            try require(listed == [own.reference], "\(listed)")
            try await subject.driver.clear(subject.cluster, patience: subject.patience)
            let rest = try await subject.driver.resources(of: subject.neighbour).map(\.reference)
            try require(rest == [theirs.reference], "\(rest)")
        },
        CloudDriverContract(claim: "a machine is put into all that it was asked for with", features: [.firewall, .key])
        { subject in
            var machine = subject.machine
            machine.key = try await subject.made(.key, "key").reference.id
            if subject.driver.features.contains(.network) {
                machine.network = try await subject.made(.network, "network").reference.id
            }
            let firewall = FirewallRequest(rules: [.ssh], network: machine.network)
            machine.firewalls = [
                try await subject.driver.make(.firewall(firewall), tag: subject.tag("firewall")).reference.id
            ]
            if subject.driver.features.contains(.placement) {
                machine.placement = try await subject.made(.placement, "placement").reference.id
            }
            let ready = try await subject.driver.ensure(
                .machine(machine), tag: subject.tag("machine"), patience: subject.patience)
            try require(ready.address != nil, "\(ready)")
            try require(machine.network == nil || ready.privateAddress != nil, "\(ready)")
        },
    ]
}
