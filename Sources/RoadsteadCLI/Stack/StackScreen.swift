import RoadsteadBasics
import RoadsteadClient
import RoadsteadCompose
import RoadsteadControl

/// Shows a stack's own progress in the form of a job's, so that both are drawn alike.
actor StackScreen {
    private let screen: ProgressScreen
    private var progress = JobProgress(state: .running)

    init(console: Console, title: String, isQuiet: Bool) {
        screen = ProgressScreen(console: console, title: title, isQuiet: isQuiet)
    }

    func show(_ news: StackProgress) async {
        switch news {
        case .applied, .removing, .note:
            progress.message = news.message
        case .watching(let services, _):
            progress.message = ""
            progress.services = services.map(JobProgress.ServiceLine.init)
        }
        await screen.show(progress)
    }

    func end(isSuccess: Bool) async {
        progress.message = ""
        progress.state = isSuccess ? .success : .failed
        await screen.show(progress)
    }

    func animate() async { await screen.animate() }
}

extension JobProgress.ServiceLine {
    init(_ progress: ServiceProgress) {
        self.init(progress.json().objectValue ?? JSONObject())
    }
}
