import RoadsteadModel
import Synchronization

/// Remembers how many documents match a query until a document of the type changes: a page is found in an index within
/// microseconds, while counting looks at every match.
///
/// A count belongs to a generation of its type. The generation moves before a commit that changes the type and after it,
/// and in between there is none: a reader that sees the same generation before and after it read saw no such commit.
final class CountCache: Sendable {
    struct Question: Hashable {
        let type: String
        let filter: Filter?
        let principals: Set<String>?

        init(_ query: DocumentQuery) {
            type = query.type
            filter = query.filter
            principals = query.visibleTo
        }
    }

    private struct Generation {
        var number = 0
        var commits = 0
    }

    private struct State {
        var generations: [String: Generation] = [:]
        var counts: [Question: (generation: Int, count: MatchCount)] = [:]
    }

    /// Old filters with moments in them would pile up otherwise.
    private static let capacity = 500

    private let state = Mutex(State())

    /// What is known at the moment before a read.
    struct Look {
        fileprivate let question: Question
        /// nil while a commit is under way.
        fileprivate let generation: Int?
        let count: MatchCount?
    }

    func look(_ question: Question) -> Look {
        state.withLock { state in
            let generation = state.generations[question.type] ?? Generation()
            guard generation.commits == 0 else { return Look(question: question, generation: nil, count: nil) }
            let held = state.counts[question].flatMap { $0.generation == generation.number ? $0.count : nil }
            return Look(question: question, generation: generation.number, count: held)
        }
    }

    /// After the read: whether the count that the look gave belongs to what was read; a count made by the read itself always
    /// does, and is kept when nothing was written meanwhile.
    func confirms(_ look: Look, _ count: MatchCount) -> Bool {
        state.withLock { state in
            let generation = state.generations[look.question.type] ?? Generation()
            let isUndisturbed = generation.commits == 0 && generation.number == look.generation
            guard look.count == nil else { return isUndisturbed }
            if isUndisturbed {
                if state.counts.count >= Self.capacity { state.counts.removeAll() }
                state.counts[look.question] = (generation.number, count)
            }
            return true
        }
    }

    /// What the type's documents are at this moment; nil while a commit is under way.
    func generation(of type: String) -> Int? {
        state.withLock { state in
            let generation = state.generations[type] ?? Generation()
            return generation.commits == 0 ? generation.number : nil
        }
    }

    func willCommit(_ types: Set<String>) { move(types, by: 1) }

    /// Whether the commit succeeded or not.
    func didCommit(_ types: Set<String>) { move(types, by: -1) }

    private func move(_ types: Set<String>, by commits: Int) {
        guard !types.isEmpty else { return }
        state.withLock { state in
            for type in types {
                state.generations[type, default: Generation()].number += 1
                state.generations[type, default: Generation()].commits += commits
            }
        }
    }
}
