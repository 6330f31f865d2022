/// A word with a colour. The word alone says everything.
struct Badge: Sendable, Hashable {
    enum Tone: String, Sendable {
        case good, bad, busy, quiet
    }

    let label: String
    let tone: String

    init(_ label: String, _ tone: Tone) {
        self.label = label
        self.tone = tone.rawValue
    }
}
