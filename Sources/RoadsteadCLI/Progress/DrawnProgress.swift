import RoadsteadClient

/// Progress for terminals: the whole picture, drawn again in place at every change and every tick.
struct DrawnProgress: Sendable {
    let style: Style
    let width: Int
    /// A frame that is higher than the terminal could not be drawn again in place.
    var height = Int.max

    /// The lines of one frame, none wider than the terminal. `tick` turns the spinner.
    func frame(_ progress: JobProgress, title: String, tick: Int) -> [String] {
        var lines = [head(progress, title: title, tick: tick)]
        let room = height - 2 - progress.services.count
        let steps = progress.steps.count <= room ? progress.steps : Self.foremost(progress.steps, room: room - 1)
        lines += steps.map { step in
            line(step.mark, step.name, detail: progress.detail(of: step), indent: 2, tick: tick)
        }
        if steps.count < progress.steps.count { lines.append("  " + style.paint(Self.counts(progress.steps), .dim)) }
        let name = progress.services.map(\.service.count).max() ?? 0
        lines += progress.services.map { service in
            let padding = String(repeating: " ", count: name - service.service.count)
            let text = service.service + padding + "  " + bar(service) + service.count
            return line(service.mark, text, detail: service.message, indent: 4, tick: tick)
        }
        return lines
    }

    /// Of more steps than there is room for: those that failed, then those that run.
    private static func foremost(_ steps: [JobProgress.Step], room: Int) -> [JobProgress.Step] {
        Array((steps.filter { $0.mark == .failed } + steps.filter { $0.mark == .running }).prefix(max(0, room)))
    }

    /// `12 done, 3 running, 20 waiting`.
    private static func counts(_ steps: [JobProgress.Step]) -> String {
        [JobProgress.Mark.done, .skipped, .running, .failed, .waiting].compactMap { mark in
            let count = steps.count { $0.mark == mark }
            return count == 0 ? nil : "\(count) \(mark.word)"
        }.joined(separator: ", ")
    }

    private func head(_ progress: JobProgress, title: String, tick: Int) -> String {
        let mark: JobProgress.Mark =
            switch progress.state {
            case .success: .done
            case .failed, .canceled: .failed
            case .queued: .waiting
            case .running, .other: .running
            }
        let detail = progress.state == .queued ? "waiting for its turn" : progress.steps.isEmpty ? progress.message : ""
        return line(mark, title, detail: progress.state.isFinal ? "" : detail, indent: 0, tick: tick)
    }

    private func line(_ mark: JobProgress.Mark, _ text: String, detail: String, indent: Int, tick: Int) -> String {
        let room = width - indent - 2
        let body = TerminalText.safe(text, keepingLines: false)
        let note = detail.isEmpty ? "" : "  " + TerminalText.safe(detail, keepingLines: false)
        let shown = TerminalText.cut(body, to: room)
        let rest = TerminalText.cut(note, to: max(0, room - shown.count))
        return String(repeating: " ", count: indent) + symbol(mark, tick) + " " + shown + style.paint(rest, .dim)
    }

    /// Ten cells of how many tasks run, for services with more than one.
    private func bar(_ service: JobProgress.ServiceLine) -> String {
        guard service.desired > 1 else { return "" }
        let filled = min(10, (service.completed ?? service.running) * 10 / service.desired)
        return "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: 10 - filled) + "] "
    }

    private func symbol(_ mark: JobProgress.Mark, _ tick: Int) -> String {
        switch mark {
        case .waiting: style.paint("·", .dim)
        case .running: style.paint(Self.spinner[tick % Self.spinner.count], .cyan)
        case .done: style.paint("✓", .green)
        case .failed: style.paint("✗", .red)
        case .skipped: style.paint("-", .dim)
        }
    }

    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
}
