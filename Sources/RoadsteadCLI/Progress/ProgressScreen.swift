import RoadsteadClient

/// Shows one piece of work as it goes: redrawn in place on a terminal, line by line elsewhere.
actor ProgressScreen {
    private let console: Console
    private let title: String
    private let isQuiet: Bool
    private var plain = PlainProgress()
    private var progress = JobProgress(state: .queued)
    private var drawnLines = 0
    private var tick = 0

    init(console: Console, title: String, isQuiet: Bool = false) {
        self.console = console
        self.title = title
        self.isQuiet = isQuiet
    }

    func show(_ progress: JobProgress) {
        self.progress = progress
        guard !isQuiet else { return }
        if console.canRedraw { draw() } else { console.write(plain.lines(progress)) }
    }

    /// Turns the spinner until the task is cancelled.
    func animate() async {
        guard console.canRedraw, !isQuiet else { return }
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(100))
            guard !Task.isCancelled, !progress.state.isFinal else { return }
            tick += 1
            draw()
        }
    }

    private func draw() {
        let drawing = DrawnProgress(style: console.style, width: console.width, height: console.height)
        let lines = drawing.frame(progress, title: title, tick: tick)
        // Up to the first line drawn before, and from there each line cleared before it is written.
        let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)F" : ""
        console.writeRaw(up + "\u{1B}[J" + lines.map { $0 + "\n" }.joined())
        drawnLines = lines.count
    }
}
