import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite(.serialized) struct ClusterScaleTests {
    /// Prints its time: machines boot a second long, all at the same time.
    @Test("fifty machines are one Swarm", arguments: [1, 50])
    func size(count: Int) async throws {
        let settings = SimulatedSettings(bootTime: .seconds(1))
        var trial = try await ClusterTrial.make(settings, clock: SystemClock())
        trial.poll = .milliseconds(200)
        let id = try await trial.add(["managers": 1, "workers": JSONValue(count - 1)])
        let start = ContinuousClock.now
        let job = try await trial.perform("create", id)
        print("cluster of \(count): \(ContinuousClock.now - start), machines take 1 s to boot")
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(trial.world.value.nodes.count == count)
    }
}
