import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// What a cloud refuses for good ends soon, with words, and leaves nothing.
@Suite struct ClusterRefusalTests {
    private static let words: [(changes: JSONObject, words: [String])] = [
        (["size": "smal"], ["no size 'smal'", "did you mean small?"]),
        (["image": "debian-11"], ["no image 'debian-11'", "debian-12", "debian-13"]),
        (["zones": ["zone-1", "zone-9"]], ["no zone 'zone-9'", "zone-1", "zone-2", "zone-3"]),
    ]

    @Test(
        "what the cloud does not have is told before anything is made, by create and by plan", arguments: words.indices)
    func unknown(index: Int) async throws {
        let (changes, words) = Self.words[index]
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(changes)
        let job = try await trial.perform("create", id)
        let message = job["status-message"]?.stringValue ?? ""
        #expect(job["state"] == "FAILED")
        for word in words { #expect(message.contains(word), "\(message)") }
        #expect(await trial.cloud.count(of: .make) == 0)
        let cluster = try await trial.cluster(id)
        #expect(cluster.state == .created && cluster.stored["state-message"]?.stringValue == message)
        let planned = await trial.failure { _ = try await trial.value("plan", id) }
        #expect(planned.code == .invalidInput && planned.message == message, "\(planned.message)")
        // Put right, the same action makes it.
        try await trial.edit(id, ["size": "small", "image": "debian-12", "zones": ["zone-1"]])
        #expect(try await trial.perform("create", id)["state"] == "SUCCESS")
    }

    private static let features: [(feature: CloudFeature, changes: JSONObject, path: String)] = [
        (.network, ["network": ["range": "10.1.0.0/24"]], "network.range"),
        (.placement, ["options": ["anti-affinity": true]], "options.anti-affinity"),
    ]

    @Test("what the driver does not make is refused, by create and by plan", arguments: features.indices)
    func unsupported(index: Int) async throws {
        let (feature, changes, path) = Self.features[index]
        let settings = SimulatedSettings(features: Set(CloudFeature.allCases).subtracting([feature]))
        let trial = try await ClusterTrial.make(settings)
        let id = try await trial.add(changes)
        let planned = await trial.failure { _ = try await trial.value("plan", id) }
        #expect(planned.code == .unsupported && planned.message.contains("leave \(path) out"), "\(planned.message)")
        let job = try await trial.perform("create", id)
        #expect(job["status-message"]?.stringValue == planned.message)
        try await trial.expectNothing(of: id, .created)
    }

    @Test("a key that is not known, and one that may only read, are told; undo leaves nothing")
    func keys() async throws {
        let stranger = try await ClusterTrial.make(SimulatedSettings(keys: ["another": .all]))
        let unknown = try await stranger.add([:])
        let refused = try await stranger.perform("create", unknown)
        #expect(refused["status-message"]?.stringValue?.contains("does not know this key") == true)
        try await stranger.expectNothing(of: unknown, .created)

        let reader = try await ClusterTrial.make(SimulatedSettings(keys: ["simulated": .reading]))
        let id = try await reader.add([:])
        let job = try await reader.perform("create", id)
        #expect(job["status-message"]?.stringValue?.contains("may read and change nothing") == true)
        #expect(try await reader.cluster(id).state == .error)
        #expect(try await reader.perform("undo", id)["state"] == "SUCCESS")
        try await reader.expectNothing(of: id, .created)
    }

    @Test("where no zone has room the create ends with each zone's word, tries none twice, and undo leaves nothing")
    func noRoom() async throws {
        let trial = try await ClusterTrial.make(SimulatedSettings(capacity: ["zone-1": 0, "zone-2": 0]))
        let id = try await trial.add(["zones": ["zone-1", "zone-2"]])
        let job = try await trial.perform("create", id)
        let message = job["status-message"]?.stringValue ?? ""
        #expect(message.contains("cannot make machine prod-1: there is no room for a machine of size small"))
        #expect(message.contains("zone zone-1: ") && message.contains("zone zone-2: "), "\(message)")
        // Key, firewall, and one for each zone.
        let asked = await trial.cloud.count(of: .make)
        #expect(asked == 4)
        try await trial.perform("undo", id)
        try await trial.expectNothing(of: id, .created)
    }

    @Test("without zones in the specification, and where the cloud's choice has no room, all that it has are tried")
    func otherZones() async throws {
        // Neither key nor firewall: the first thing that is made is the machine.
        let trial = try await ClusterTrial.make(SimulatedSettings(features: [.power]))
        await trial.cloud.add([(.capacityMissing, .make)])
        let id = try await trial.add([:])
        let job = try await trial.perform("create", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(try await trial.machines(id).first?.zone == "zone-1")
        #expect(await trial.cloud.count(of: .make) == 2)
    }

    @Test("managers that are kept apart are in one group, workers in none, and it goes with the cluster")
    func antiAffinity() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 3, "workers": 2, "options": ["anti-affinity": true]])
        let job = try await trial.perform("create", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(await trial.cloud.leaks() == [.machine: 5, .firewall: 1, .key: 1, .placement: 1])
        let group = try #require(try await trial.cluster(id).thing(.placement))
        let inside = await trial.cloud.machines(in: group)
        #expect(Set(inside) == ["prod-1", "prod-2", "prod-3"])
        try await trial.perform("terminate", id)
        #expect(await trial.cloud.leaks() == [:])
    }

    @Test("the catalogue is read once for all machines")
    func readsOnce() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 1, "workers": 9])
        try await trial.perform("create", id)
        // Once to look whether there is what is asked for, once for what machines are entered as.
        #expect(await trial.cloud.count(of: .catalog) == 2)
    }
}
