import RoadsteadBasics
import RoadsteadModel
import Synchronization

/// Listings as they were answered, for those who ask the same again before a document of the type has changed: pages
/// and programs that look every few seconds.
///
/// What is kept belongs to a generation of its type (`DocumentStore.generation`). It is bounded, and starts anew when it
/// is full.
final class ListingTexts: Sendable {
    struct Question: Hashable {
        private let type: String
        private let parameters: QueryParameters
        private let filters: [ExactText]
        /// Who may see what, and do what, follows from them.
        private let claims: Set<String>

        /// nil where the answer does not follow from the documents alone: a filter may look at the clock.
        init?(_ type: String, _ parameters: QueryParameters, claims: Set<String>) {
            guard !parameters.filters.contains(where: { $0.contains("now") }) else { return nil }
            (self.type, self.parameters, self.claims) = (type, parameters, claims)
            filters = parameters.filters.map { ExactText($0) }
        }
    }

    private struct State {
        var answers: [Question: (generation: Int, text: [UInt8])] = [:]
        var size = 0
    }

    private static let capacity = 8 << 20
    private static let largest = 128 << 10

    private let state = Mutex(State())

    func find(_ question: Question, generation: Int) -> [UInt8]? {
        state.withLock { state in
            state.answers[question].flatMap { $0.generation == generation ? $0.text : nil }
        }
    }

    func remember(_ text: [UInt8], for question: Question, generation: Int) {
        guard text.count <= Self.largest else { return }
        state.withLock { state in
            if state.size + text.count > Self.capacity { state = State() }
            let former = state.answers.updateValue((generation, text), forKey: question)
            state.size += text.count - (former?.text.count ?? 0)
        }
    }
}
