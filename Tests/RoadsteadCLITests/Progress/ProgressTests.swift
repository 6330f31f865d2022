import RoadsteadBasics
import RoadsteadClient
import Testing

@testable import RoadsteadCLI

@Suite struct ProgressTests {
    private static let queued = document(#"{"state":"QUEUED","progress":0}"#)
    private static let applying = document(
        """
        {"state":"RUNNING","progress":30,"steps":[{"name":"plan","state":"done","message":"3 changes"},
         {"name":"apply","state":"running"},{"name":"watch","state":"waiting"}]}
        """)
    private static let watching = document(
        """
        {"state":"RUNNING","progress":60,"steps":[{"name":"plan","state":"done","message":"3 changes"},
         {"name":"apply","state":"done"},{"name":"watch","state":"running"}],
         "verdict":{"outcome":"converging","services":[
          {"service":"web","state":"converging","mode":"replicated","running":1,"desired":3},
          {"service":"migrate","state":"succeeded","mode":"replicated-job","running":0,"completed":1,"desired":1}]}}
        """)
    private static let done = document(
        """
        {"state":"SUCCESS","progress":100,"steps":[{"name":"plan","state":"done","message":"3 changes"},
         {"name":"apply","state":"done"},{"name":"watch","state":"done"}],
         "verdict":{"outcome":"succeeded","services":[
          {"service":"web","state":"succeeded","mode":"replicated","running":3,"desired":3},
          {"service":"migrate","state":"succeeded","mode":"replicated-job","running":0,"completed":1,"desired":1}]}}
        """)

    @Test("without a terminal each change is one line, and nothing comes twice")
    func plain() {
        var plain = PlainProgress()
        let lines = [Self.queued, Self.applying, Self.applying, Self.watching, Self.done].map {
            plain.lines(JobProgress($0))
        }
        #expect(
            lines == [
                [], ["plan: done (3 changes)", "apply: running"], [],
                ["apply: done", "watch: running", "service web: 1/3 running", "service migrate: 1/1 completed, ready"],
                ["watch: done", "service web: 3/3 running, ready"],
            ])
    }

    @Test("a job without steps tells its message while it runs")
    func messages() {
        var plain = PlainProgress()
        let job = document(#"{"state":"RUNNING","status-message":"asking the engine"}"#)
        #expect(plain.lines(JobProgress(job)) == ["asking the engine"])
        #expect(plain.lines(JobProgress(job)) == [])
        #expect(plain.lines(JobProgress(document(#"{"state":"FAILED","status-message":"no"}"#))) == [])
    }

    @Test("on a terminal the whole picture is drawn, within its width")
    func drawn() {
        let drawing = DrawnProgress(style: .plain, width: 60)
        #expect(
            drawing.frame(JobProgress(Self.watching), title: "shop", tick: 0) == [
                "⠋ shop", "  ✓ plan  3 changes", "  ✓ apply", "  ⠋ watch",
                "    ⠋ web      [===       ] 1/3 running", "    ✓ migrate  1/1 completed",
            ])
        #expect(drawing.frame(JobProgress(Self.queued), title: "shop", tick: 3) == ["· shop  waiting for its turn"])
        #expect(drawing.frame(JobProgress(Self.done), title: "shop", tick: 5).first == "✓ shop")
        let narrow = DrawnProgress(style: .plain, width: 20)
        for tick in 0..<12 {
            let frame = narrow.frame(JobProgress(Self.watching), title: "a very long title indeed", tick: tick)
            #expect(frame.allSatisfy { $0.count <= 20 })
        }
    }

    @Test("of more steps than the terminal has lines those that failed and that run are drawn, the others counted")
    func high() {
        let steps = (1...40).map { number in
            JobProgress.Step(
                name: "prepare/p-\(number)",
                mark: number == 3 ? .failed : number <= 20 ? .done : number <= 24 ? .running : .waiting, message: "")
        }
        let drawing = DrawnProgress(style: .plain, width: 60, height: 8)
        let frame = drawing.frame(JobProgress(state: .running, steps: steps), title: "create p", tick: 0)
        #expect(
            frame == [
                "⠋ create p", "  ✗ prepare/p-3", "  ⠋ prepare/p-21", "  ⠋ prepare/p-22", "  ⠋ prepare/p-23",
                "  ⠋ prepare/p-24", "  19 done, 4 running, 1 failed, 16 waiting",
            ])
        let few = DrawnProgress(style: .plain, width: 60, height: 4)
        #expect(few.frame(JobProgress(state: .running, steps: steps), title: "p", tick: 0).count < 4)
    }

    @Test("colours are left out when they are not wanted")
    func colours() {
        let frame = DrawnProgress(style: .colour, width: 60).frame(JobProgress(Self.done), title: "shop", tick: 0)
        #expect(frame.first?.contains("\u{1B}[32m") == true)
        #expect(Style.plain.paint("x", .red) == "x")
    }
}
