import ArgumentParser
import RoadsteadBasics

/// Whether a person is asked before a plan is carried out.
enum PlanApproval {
    /// Whether it takes something away that is there: tasks are replaced, or objects removed or made anew.
    static func isNeeded(_ plan: JSONObject) -> Bool {
        (plan["steps"]?.arrayValue ?? []).contains { step in
            step["rolls"] == true || ["remove", "recreate"].contains(step["action"]?.stringValue ?? "")
        }
    }

    /// Of the plan that was approved by its id, or else of the person, who sees it and is asked when it must be. Ends the
    /// command when the answer is no. Throws conflict for another plan than the approved one.
    static func get(_ plan: JSONObject, for approved: String?, _ console: Console) async throws {
        if let approved {
            guard plan.text("plan-id") != approved else { return }
            throw RoadsteadError(
                .conflict,
                "the plan is \(plan.text("plan-id")) by now, and not \(approved): the Swarm, an image or the text has changed "
                    + "meanwhile; look at it again by `roadstead plan`")
        }
        console.write(PlanText.lines(plan, console.style))
        guard isNeeded(plan), try await !Prompt.confirms("Go on?") else { return }
        console.error("roadstead: nothing was changed")
        throw ExitCode(CommandStatus.refused.rawValue)
    }
}
