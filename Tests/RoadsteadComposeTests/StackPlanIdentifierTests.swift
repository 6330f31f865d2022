import DockerAPI
import Foundation
import Testing

@testable import RoadsteadCompose

@Suite struct StackPlanIdentifierTests {
    private func identifier(
        live: LiveStack = LiveStack(), ignoring names: [String] = [], _ change: (inout DesiredStack) -> Void = { _ in }
    ) throws -> String {
        var desired = PlanFixture.desired()
        change(&desired)
        return try StackPlan.make(desired: desired, live: live).identifier(ignoring: names)
    }

    @Test("the same plan has the same id, and another text or another Swarm gives another one")
    func differences() throws {
        let first = try identifier()
        #expect(try identifier() == first && first.utf8.count == 16)
        #expect(try identifier { $0.services[0].spec.mode = .replicated(3) } != first)
        #expect(try identifier { $0.configs[0].data = Data("other".utf8) } != first)
        #expect(try identifier { $0.networks[0].attachable = true } != first)
        #expect(try identifier(live: PlanFixture.live()) != first)
    }

    @Test("an id says nothing of secrets and of values of variables")
    func secrets() throws {
        let first = try identifier()
        #expect(try identifier { $0.secrets[0].data = Data("other".utf8) } == first)
        #expect(try identifier { $0.services[0].spec.taskTemplate.containerSpec?.env = ["MODE=slow", "A=2"] } == first)
        #expect(try identifier { $0.services[0].spec.taskTemplate.containerSpec?.env = ["MODE=slow"] } != first)
    }

    @Test("what is made up for each plan does not count")
    func madeUp() throws {
        func named(_ id: String) throws -> String {
            try identifier(ignoring: [id]) { $0.services[0].spec.labels?["deployment"] = id }
        }
        #expect(try named("0001") == named("0002"))
    }
}
