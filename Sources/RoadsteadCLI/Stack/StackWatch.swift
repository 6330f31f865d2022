import ArgumentParser
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl

/// Watches a deployed stack on the screen, and ends the command as the verdict says.
struct StackWatch: Sendable {
    let console: Console
    let isQuiet: Bool
    /// Whether the nodes were given the logins of docker's configuration.
    var hasLogins = true

    func verdict(
        of applied: AppliedStack, _ engine: StackEngine, timeout: Duration, rules: VerdictRules = VerdictRules()
    ) async throws {
        let verdict = try await watch(applied, engine, timeout: timeout, rules)
        for warning in verdict.notes { console.error("roadstead: warning: " + warning) }
        guard case .failed = verdict.outcome else {
            if !isQuiet { console.write("\(applied.stack): \(verdict.message)") }
            return
        }
        let report = VerdictReport(verdict.json())
        let lines = report?.lines(console.style) ?? []
        console.error(["roadstead: \(applied.stack): " + summary(verdict)] + lines + advice(verdict))
        throw ExitCode((report?.status ?? .failed).rawValue)
    }

    /// A registry that wants a login looks to the nodes like one without the image.
    private func advice(_ verdict: StackVerdict) -> [String] {
        let isMissing = verdict.failures.contains { $0.reason == .imageNotFound }
        return isMissing && !hasLogins ? ["  If the registry wants a login, add --with-registry-auth."] : []
    }

    private func summary(_ verdict: StackVerdict) -> String {
        "\(verdict.failures.count) of \(counted(verdict.services.count, "service")) failed"
    }

    private func watch(
        _ applied: AppliedStack, _ engine: StackEngine, timeout: Duration, _ rules: VerdictRules
    ) async throws -> StackVerdict {
        let screen = StackScreen(console: console, title: applied.stack, isQuiet: isQuiet)
        return try await withThrowingTaskGroup(of: StackVerdict?.self) { group in
            group.addTask { try await engine.watch(applied, timeout: timeout, rules: rules) { await screen.show($0) } }
            group.addTask {
                await screen.animate()
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                guard let verdict = result else { continue }
                await screen.end(isSuccess: verdict.failures.isEmpty)
                return verdict
            }
            throw CancellationError()
        }
    }
}
