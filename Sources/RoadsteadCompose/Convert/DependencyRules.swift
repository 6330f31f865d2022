/// What must hold for the `depends_on` of a stack: services that are there, no rings, conditions that can come true.
struct DependencyRules {
    let services: [String: ComposeService]
    /// Left out because none of their profiles is wanted.
    let inactive: Set<String>
    let log: ProblemLog

    func check() {
        for service in services.values {
            for (key, dependency) in service.dependencies { check(dependency, on: key) }
        }
        checkRings()
    }

    private func check(_ dependency: ComposeDependency, on key: String) {
        guard let target = services[key] else {
            guard dependency.isRequired ?? true else { return }
            let reason = inactive.contains(key) ? "none of its profiles is asked for" : "there is no such service"
            return log.add(
                "depends on undefined service \"\(key)\": \(reason)", at: dependency.origin,
                hint: "add it, or say required: false")
        }
        switch dependency.condition {
        case .started: break
        case .healthy where target.healthcheck?.isDisabled == true || target.healthcheck?.test == ["NONE"]:
            log.add(
                "waits until \(key) is healthy, whose health check is disabled", at: dependency.origin,
                hint: "wait for service_started, or give \(key) a health check")
        case .healthy where target.healthcheck?.test?.isEmpty ?? true:
            log.warn(
                "\(dependency.origin.path) waits until \(key) is healthy, and the file gives it no health check: unless its "
                    + "image has one, \(key) counts as healthy as soon as it runs")
        case .healthy: break
        case .completed where target.startsAgain:
            log.warn(
                "\(dependency.origin.path) waits until \(key) has completed, but a Swarm starts \(key) again whenever it ends: "
                    + "give it deploy.mode: replicated-job, or deploy.restart_policy.condition: on-failure")
        case .completed: break
        }
    }

    // MARK: - Rings

    private enum Mark { case open, done }

    /// Depth first; a service that is met while it is open closes a ring. Without recursion: a chain may be long.
    private func checkRings() {
        var marks: [String: Mark] = [:]
        for start in services.keys.sorted() where marks[start] == nil {
            var trail = [(key: start, rest: targets(start))]
            marks[start] = .open
            while let top = trail.last {
                guard let next = top.rest.first else {
                    marks[top.key] = .done
                    trail.removeLast()
                    continue
                }
                trail[trail.count - 1].rest = top.rest.dropFirst()
                switch marks[next] {
                case .done: break
                case .open: report(next, trail.map(\.key))
                case nil:
                    marks[next] = .open
                    trail.append((next, targets(next)))
                }
            }
        }
    }

    private func targets(_ key: String) -> ArraySlice<String> {
        let keys = services[key]?.dependencies.keys.filter { services[$0] != nil } ?? []
        return keys.sorted()[...]
    }

    private func report(_ first: String, _ trail: [String]) {
        guard !log.isFull, let start = trail.firstIndex(of: first), let last = trail.last,
            let origin = services[last]?.dependencies[first]?.origin
        else { return }
        let ring = (trail[start...] + [first]).joined(separator: " -> ")
        log.add(
            "services wait for each other in a ring: \(ring)", at: origin, hint: "take one of these out of depends_on")
    }
}

extension ComposeService {
    /// Whether the Swarm starts a task anew that ended with status 0.
    fileprivate var startsAgain: Bool {
        if isJob { return false }
        if let policy = deploy.restartPolicy { return (policy.condition ?? "any") == "any" }
        switch restart {
        case .onFailure: return false
        // "no" makes no policy, as with docker, and without one a Swarm starts tasks for ever.
        case .always, .never, nil: return true
        }
    }
}
