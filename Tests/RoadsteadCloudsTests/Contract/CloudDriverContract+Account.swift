import RoadsteadClouds

extension CloudDriverContract {
    static let account: [CloudDriverContract] = [
        CloudDriverContract(claim: "the account's key is taken, and another one refused") { subject in
            try await subject.driver.check()
            try await failure(.credentialRefused) { try await subject.stranger.check() }
        },
        CloudDriverContract(claim: "a refused key reads nothing and makes nothing") { subject in
            try await failure(.credentialRefused) { _ = try await subject.stranger.catalog() }
            try await failure(.credentialRefused) {
                _ = try await subject.stranger.make(.machine(subject.machine), tag: subject.tag("refused"))
            }
            try require(try await subject.driver.resources(of: subject.cluster).isEmpty, "something was made")
        },
        CloudDriverContract(claim: "the catalogue has the zones, sizes and images that are asked for") { subject in
            let (catalog, machine) = (try await subject.driver.catalog(), subject.machine)
            try require(catalog.sizes.contains { [$0.id, $0.name].contains(machine.size) }, "\(catalog.sizes)")
            try require(catalog.images.contains { [$0.id, $0.name].contains(machine.image) }, "\(catalog.images)")
            try require(machine.zone.map(catalog.zones.contains) ?? true, "\(catalog.zones)")
            try require(catalog.sizes.allSatisfy { $0.cores > 0 && $0.memory > 0 }, "\(catalog.sizes)")
            try require(catalog.images.allSatisfy { !$0.user.isEmpty }, "\(catalog.images)")
        },
        CloudDriverContract(claim: "a call of a cancelled task answers cancelled") { subject in
            let task = Task {
                // Ended by the cancellation.
                try? await Task.sleep(for: .seconds(60))
                try await failure(.cancelled) { try await subject.driver.check() }
            }
            task.cancel()
            try await task.value
        },
        CloudDriverContract(claim: "after its shutdown a driver answers cancelled") { subject in
            await subject.stranger.shutdown()
            try await failure(.cancelled) { try await subject.stranger.check() }
        },
    ]
}
