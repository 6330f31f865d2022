import RoadsteadClouds

extension CloudDriverContract {
    static let faults: [CloudDriverContract] = [
        CloudDriverContract(claim: "what was made before the connection was cut is found by its tag", needsFaults: true)
        { subject in
            try await subject.need(.cutAfter, .make)
            try await failure(.outcomeUnknown) { _ = try await subject.made(.machine, "cut") }
            let found = try await subject.driver.resources(of: subject.cluster)
            try require(found.map(\.tag) == [subject.tag("cut")], "\(found)")
            let again = try await subject.made(.machine, "cut")
            try require(again.reference == found[0].reference, "it was made twice")
        },
        CloudDriverContract(claim: "a cloud that was asked too often says when to come again", needsFaults: true) {
            subject in
            try await subject.need(.rateLimited(retryAfter: .seconds(7)), .make)
            let error = try await failure(.rateLimited) { _ = try await subject.made(.machine, "limited") }
            try require(error.retryAfter == .seconds(7) && error.mayPass, "\(error)")
            try require(try await subject.driver.resources(of: subject.cluster).isEmpty, "something was made")
        },
        CloudDriverContract(claim: "after an error of the cloud's own the same call succeeds", needsFaults: true) {
            subject in
            try await subject.need(.failsBefore, .make)
            let error = try await failure(.unavailable) { _ = try await subject.made(.machine, "again") }
            try require(error.mayPass, "\(error)")
            _ = try await subject.made(.machine, "again")
        },
        CloudDriverContract(claim: "quota and missing capacity are told apart, and make nothing", needsFaults: true) {
            subject in
            try await subject.need(.quotaExceeded, .make)
            try await failure(.quotaExceeded) { _ = try await subject.made(.machine, "quota") }
            try await subject.need(.capacityMissing, .make)
            try await failure(.capacityMissing) { _ = try await subject.made(.machine, "capacity") }
            try require(try await subject.driver.resources(of: subject.cluster).isEmpty, "something was made")
        },
        CloudDriverContract(claim: "of duplicates all are listed, and ensuring leaves one", needsFaults: true) {
            subject in
            try await subject.need(.duplicated, .make)
            _ = try await subject.made(.machine, "twice")
            try require(try await subject.driver.resources(of: subject.cluster).count == 2, "the fault made no two")
            let kept = try await subject.driver.ensure(
                .machine(subject.machine), tag: subject.tag("twice"), patience: subject.patience)
            let left = try await subject.driver.resources(of: subject.cluster).filter { $0.state != .removing }
            try require(left.map(\.reference) == [kept.reference], "\(left)")
        },
        CloudDriverContract(claim: "a removal whose answer was lost is done", needsFaults: true) { subject in
            let made = try await subject.made(.machine, "lost").reference
            try await subject.need(.cutAfter, .remove)
            try await failure(.outcomeUnknown) { try await subject.driver.remove(made) }
            try await subject.driver.remove(made)
        },
        CloudDriverContract(claim: "a slow answer is waited for", needsFaults: true) { subject in
            try await subject.need(.slow(.seconds(2)), .make)
            _ = try await subject.made(.machine, "slow")
        },
    ]
}
