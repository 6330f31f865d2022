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

    /// nil while a commit is under way.
    func generation(of type: String) -> Int? {
        state.withLock { state in
            let generation = state.generations[type] ?? Generation()
            return generation.commits == 0 ? generation.number : nil
        }
    }

    func count(_ question: Question, in generation: Int) -> MatchCount? {
        state.withLock { state in
            guard let held = state.counts[question], held.generation == generation else { return nil }
            return held.count
        }
    }

    func keep(_ count: MatchCount, for question: Question, in generation: Int) {
        state.withLock { state in
            if state.counts.count >= Self.capacity { state.counts.removeAll() }
            state.counts[question] = (generation, count)
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
