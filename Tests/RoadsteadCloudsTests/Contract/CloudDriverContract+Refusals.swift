import RoadsteadClouds

extension CloudDriverContract {
    static let refusals: [CloudDriverContract] = [
        CloudDriverContract(claim: "an unknown size, image or zone is refused by its name, and nothing is made") {
            subject in
            for part in [\MachineRequest.size, \.image] {
                var machine = subject.machine
                machine[keyPath: part] = "no-such-thing"
                try await refuse(machine, subject)
            }
            var machine = subject.machine
            machine.zone = "no-such-thing"
            try await refuse(machine, subject)
            try require(try await subject.driver.resources(of: subject.cluster).isEmpty, "something was made")
        },
        CloudDriverContract(claim: "what a machine is made of is looked for, and what is not there told by its name") {
            subject in
            let zones = [subject.machine.zone].compactMap(\.self)
            try await subject.driver.look(for: subject.machine, in: zones)
            for part in [\MachineRequest.size, \.image] {
                var machine = subject.machine
                machine[keyPath: part] += "r"
                let error = try await failure(.invalidRequest) { try await subject.driver.look(for: machine, in: []) }
                try require(error.message.contains("'\(machine[keyPath: part])'"), "\(error)")
                try require(error.message.contains("did you mean \(subject.machine[keyPath: part])"), "\(error)")
            }
            let error = try await failure(.invalidRequest) {
                try await subject.driver.look(for: subject.machine, in: zones + ["no-such-thing"])
            }
            try require(error.message.contains("no-such-thing"), "\(error)")
        },
        CloudDriverContract(claim: "what is gone is nil, and removing it again is no error") { subject in
            for kind in CloudKind.allCases where subject.request(kind) != nil {
                let thing = try await subject.made(kind, "gone-" + kind.rawValue).reference
                try await subject.driver.remove(thing)
                try await subject.driver.remove(thing)
                try await subject.driver.clear(subject.cluster, patience: subject.patience)
                let gone = try await subject.driver.resource(thing)
                try require(gone == nil || gone?.state == .removing, "\(gone as Any)")
                try await subject.driver.remove(thing)
            }
        },
        CloudDriverContract(claim: "a firewall goes after the machines that it protects", features: [.firewall]) {
            subject in
            let firewall = try await subject.made(.firewall, "firewall").reference
            var machine = subject.machine
            machine.firewalls = [firewall.id]
            _ = try await subject.driver.ensure(
                .machine(machine), tag: subject.tag("machine"), patience: subject.patience)
            let error = try await failure(.inUse) { try await subject.driver.remove(firewall) }
            try require(error.mayPass, "inUse passes")
            try require(try await subject.driver.resource(firewall) != nil, "it is gone all the same")
        },
        CloudDriverContract(claim: "orders to a machine that is gone are not found", features: [.power]) { subject in
            let machine = try await subject.made(.machine, "gone").reference
            try await subject.driver.clear(subject.cluster, patience: subject.patience)
            for order in PowerOrder.allCases {
                try await failure(.notFound) { try await subject.driver.power(order, machine: machine) }
            }
        },
        CloudDriverContract(claim: "rules for a firewall that is gone are not found", features: [.firewall]) {
            subject in
            let firewall = try await subject.made(.firewall, "gone").reference
            try await subject.driver.clear(subject.cluster, patience: subject.patience)
            try await failure(.notFound) { try await subject.driver.setRules([.ssh], firewall: firewall) }
        },
    ]

    private static func refuse(_ machine: MachineRequest, _ subject: CloudSubject) async throws {
        let error = try await failure(.invalidRequest) {
            _ = try await subject.driver.make(.machine(machine), tag: subject.tag("unknown"))
        }
        try require(error.message.contains("no-such-thing"), "it does not name what it refuses: \(error)")
    }
}
