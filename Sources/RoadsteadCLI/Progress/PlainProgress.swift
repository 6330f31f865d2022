import RoadsteadClient

/// Progress for logs and pipes: a line for each thing that changed, nothing twice.
struct PlainProgress: Sendable {
    private var last = JobProgress(state: .queued)

    init() {}

    mutating func lines(_ progress: JobProgress) -> [String] {
        defer { last = progress }
        let known = Set(last.steps)
        let steps = progress.steps.filter { !known.contains($0) && $0.mark != .waiting }.map(Self.line)
        let services = progress.services.filter { !last.services.contains($0) }.map(Self.line)
        return (steps + services + message(progress)).map { TerminalText.safe($0, keepingLines: false) }
    }

    private static func line(_ step: JobProgress.Step) -> String {
        "\(step.name): \(step.mark.word)" + (step.message.isEmpty ? "" : " (\(step.message))")
    }

    private static func line(_ service: JobProgress.ServiceLine) -> String {
        let outcome = service.mark == .running ? "" : service.mark == .done ? ", ready" : ", failed"
        return "service \(service.service): \(service.count)\(outcome)"
            + (service.message.isEmpty ? "" : " (\(service.message))")
    }

    /// What the job says of itself, unless a step or the services say it. The last message is left to whoever reports
    /// the outcome.
    private func message(_ progress: JobProgress) -> [String] {
        let isNews = progress.message != last.message && !progress.message.isEmpty
        let isSaid = !progress.services.isEmpty || progress.steps.contains { $0.message == progress.message }
        return isNews && !isSaid && !progress.state.isFinal ? [progress.message] : []
    }
}
