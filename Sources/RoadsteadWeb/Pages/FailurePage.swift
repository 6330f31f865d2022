import RoadsteadModel

/// A page that says why there is none.
enum FailurePage {
    struct Model: Sendable {
        let heading: String
        let message: String
        let status: Int
    }

    static func answer(_ answer: ErrorAnswer) -> PageAnswer {
        let heading =
            switch answer.status {
            case 404: "Not found"
            case 403: "Not yours to see"
            case 429: "Too much at once"
            case 400..<500: "That did not work"
            default: "Something failed here"
            }
        let message = answer.message.prefix(1).uppercased() + answer.message.dropFirst()
        let model = Model(heading: heading, message: message, status: answer.status)
        return .page(PageView(title: heading, template: "failure", model: model, status: answer.status))
    }
}
