import RoadsteadBasics

struct OverviewModel: Sendable {
    struct Count: Sendable {
        let label: String
        let count: Int
        let href: String?
    }

    struct Trouble: Sendable {
        let name: String
        let href: String?
        let reason: String
    }

    struct Job: Sendable {
        let what: String
        let target: String
        let state: Badge
        let message: String
        let when: Moment?
    }

    let counts: [Count]
    let isEmpty: Bool
    let troubles: [Trouble]
    let hasTroubles: Bool
    let jobs: [Job]
    let hasJobs: Bool
    let hint = CommandHint(
        command: "roadstead infra ls; roadstead cluster ls; roadstead ps",
        request: "GET /api/infrastructure-service, /api/cluster, /api/deployment")

    init(
        counts: [(String, Int, String?)], wrongDeployments: [JSONObject], wrongCredentials: [JSONObject],
        jobs: [JSONObject]
    ) {
        self.counts = counts.map { Count(label: $0.0, count: $0.1, href: $0.2) }
        isEmpty = counts.allSatisfy { $0.1 == 0 }
        troubles = wrongDeployments.map(Trouble.init(deployment:)) + wrongCredentials.map(Trouble.init(credential:))
        hasTroubles = !troubles.isEmpty
        self.jobs = jobs.map(Job.init)
        hasJobs = !jobs.isEmpty
    }
}

extension OverviewModel.Trouble {
    init(deployment: JSONObject) {
        name = deployment["name"]?.stringValue ?? deployment["id"]?.stringValue ?? ""
        href = nil
        reason = deployment["reason"]?.stringValue.map(Words.sentence) ?? "It is not as it should be."
    }

    init(credential: JSONObject) {
        let service = credential["parent"]?.stringValue?.split(separator: "/").last.map(String.init)
        name = credential["name"]?.stringValue ?? credential["id"]?.stringValue ?? ""
        href = service.map { "/infrastructures/" + $0 }
        reason = credential["status-message"]?.stringValue.map(Words.sentence) ?? "Its last check failed."
    }
}

extension OverviewModel.Job {
    init(_ job: JSONObject) {
        what = (job["action"]?.stringValue ?? "").replacing("_", with: " ")
        target = job["target-resource"]?["href"]?.stringValue ?? ""
        message = job["status-message"]?.stringValue ?? ""
        when = Moment(job["created"]?.stringValue)
        state =
            switch job["state"]?.stringValue {
            case "SUCCESS": Badge("Done", .good)
            case "FAILED": Badge("Failed", .bad)
            case "RUNNING": Badge("Running", .busy)
            case "QUEUED": Badge("Waiting", .quiet)
            default: Badge("Canceled", .quiet)
            }
    }
}
