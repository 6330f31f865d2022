import RoadsteadBasics
import Testing

@testable import RoadsteadControl

@Suite struct HealthTrackerTests {
    private let start = Instant(millisecondsSinceEpoch: 1_000_000)
    private let good = DeploymentHealth(.healthy)
    private let bad = DeploymentHealth(.degraded, "web: 1 of 2 running")
    private let gone = DeploymentHealth(.down, "web: 0 of 2 running")

    @Test("bad news is written at once, the same news once")
    func badNews() {
        var tracker = HealthTracker(shown: good)
        #expect(tracker.observe(bad, at: start) == bad)
        #expect(tracker.observe(bad, at: start + .seconds(1)) == nil)
        #expect(tracker.observe(gone, at: start + .seconds(2)) == gone)
        #expect(tracker.due == nil)
    }

    @Test("good news waits until it has lasted, and says when to look again")
    func goodNews() {
        var tracker = HealthTracker(shown: good)
        _ = tracker.observe(bad, at: start)
        #expect(tracker.observe(good, at: start + .seconds(1)) == nil)
        #expect(tracker.due == start + .seconds(1) + HealthTracker.firstHold)
        #expect(tracker.observe(good, at: start + .seconds(4)) == good)
        #expect(tracker.due == nil)
    }

    @Test("good news that did not last begins its wait anew")
    func relapse() {
        var tracker = HealthTracker(shown: good)
        _ = tracker.observe(bad, at: start)
        _ = tracker.observe(good, at: start + .seconds(1))
        #expect(tracker.observe(bad, at: start + .seconds(2)) == nil, "the document says so already")
        #expect(tracker.observe(good, at: start + .seconds(5)) == nil)
        #expect(tracker.observe(good, at: start + .seconds(8)) == good)
    }

    @Test("a container that comes and goes without end is told ever more seldom")
    func flapping() {
        var tracker = HealthTracker(shown: good)
        var (now, writes) = (start, 0)
        // 15 seconds up, 5 seconds down, for an hour.
        for _ in 0..<180 {
            for seen in [bad, good, good, good] {
                if tracker.observe(seen, at: now) != nil { writes += 1 }
                now = now + .seconds(5)
            }
        }
        #expect(writes < 20, "\(writes)")
        #expect(writes >= 3)
    }

    @Test("after a quiet hour trouble is new, and good news is quick again")
    func memory() {
        var tracker = HealthTracker(shown: good)
        var now = start
        for _ in 0..<8 {
            _ = tracker.observe(bad, at: now)
            now = now + .seconds(600)
            _ = tracker.observe(good, at: now)
            now = now + .seconds(600)
            _ = tracker.observe(good, at: now)
        }
        now = now + HealthTracker.memory + .seconds(1)
        _ = tracker.observe(bad, at: now)
        _ = tracker.observe(good, at: now + .seconds(1))
        #expect(tracker.observe(good, at: now + .seconds(5)) == good)
    }

    @Test("another reason of the same level is written once in ten seconds")
    func reasons() {
        var tracker = HealthTracker(shown: good)
        _ = tracker.observe(bad, at: start)
        let other = DeploymentHealth(.degraded, "db: 0 of 1 running")
        #expect(tracker.observe(other, at: start + .seconds(1)) == nil)
        #expect(tracker.due == start + HealthTracker.reasonPause)
        #expect(tracker.observe(other, at: start + .seconds(10)) == other)
    }

    @Test("a Swarm that was lost and answers again is believed at once")
    func lost() {
        var tracker = HealthTracker(shown: good)
        let unknown = DeploymentHealth(.unknown, "the Swarm cannot be asked")
        #expect(tracker.observe(unknown, at: start) == unknown)
        #expect(tracker.observe(good, at: start + .seconds(1)) == good)
    }

    @Test("a reason is cut to what people read") func cut() {
        #expect(DeploymentHealth(.down, String(repeating: "x", count: 5000)).reason.count == 1000)
    }
}
