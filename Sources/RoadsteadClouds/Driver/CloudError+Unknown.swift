import RoadsteadBasics

extension CloudError {
    /// For a word that the cloud does not know: what it has instead, those that were probably meant before all others.
    ///
    /// - Parameter sentence: what is not there and where, with the word in it: `Exoscale has no size 'smal'`.
    static func unknown(_ word: String, _ sentence: String, among names: [String]) -> CloudError {
        CloudError(.invalidRequest, sentence + "; " + hint(word.lowercased(), names))
    }

    private static func hint(_ word: String, _ names: [String]) -> String {
        let limit = min(3, max(1, word.count / 3))
        let near = names.map { (name: $0, distance: NearestKey.distance(word, $0.lowercased())) }
            .filter { $0.distance <= limit }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard near.isEmpty else {
            return "did you mean \(near.prefix(3).map(\.name).joined(separator: ", or "))?"
        }
        guard !names.isEmpty else { return "it offers none" }
        // As many as people read.
        return "there are: " + names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }
}
