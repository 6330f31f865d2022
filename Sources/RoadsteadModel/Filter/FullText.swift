import RoadsteadBasics

/// The words of a document that the pseudo attribute `fulltext` searches: those of `id`, `name`, `description`, `tags`
/// and `subtype`, and of the texts under the keys that an open type takes without declaring them, namespaced or not.
///
/// A word is a run of letters and digits, in lower case. Both back ends of the filter use these words, in this order.
public enum FullText {
    /// Far more than a document for people has; the rest is not searched.
    public static let maximumWords = 2000
    private static let maximumLength = 64
    static let attributes = ["id", "name", "description", "tags", "subtype"]
    /// Names that are declared, by open type.
    private static let declared = Dictionary(
        uniqueKeysWithValues: ResourceType.all.filter { $0.schema.openness == .open }.map { type in
            (type.name, Set(type.schema.attributes.map(\.name)).union(CommonAttributes.serverSet))
        })

    /// The types that take attributes which they do not declare.
    public static let openTypes = declared.keys.sorted()

    public static func words(of document: JSONObject) -> [String] {
        var words: [String] = []
        let declared = document["resource-type"]?.stringValue.flatMap { Self.declared[$0] }
        let dynamic = document.keys.filter { key in
            key.utf8.contains(UInt8(ascii: ":")) || declared.map { !$0.contains(key) } ?? false
        }
        for value in (attributes + dynamic.sorted()).compactMap({ document[$0] }) where words.count < maximumWords {
            if let text = value.stringValue { words += Self.words(in: text) }
            for text in (value.arrayValue ?? []).compactMap(\.stringValue) { words += Self.words(in: text) }
        }
        return Array(words.prefix(maximumWords))
    }

    /// The words of a text. Longer ones than 64 scalars are cut.
    public static func words(in text: String) -> [String] {
        text.lowercased().unicodeScalars.split { !isPart($0) }.map { String($0.prefix(maximumLength)) }
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (48...57).contains(scalar.value) || (97...122).contains(scalar.value) }
        let properties = scalar.properties
        if properties.isAlphabetic || properties.numericType != nil { return true }
        // A mark that changes the letter before it is a part of the word, whether it was written as one scalar or two.
        return [.nonspacingMark, .spacingMark].contains(properties.generalCategory)
    }

    /// Whether `words` stand in `document` one behind the other; with `endsInPrefix` the last is the beginning of a word.
    public static func contains(_ words: [String], endsInPrefix: Bool, in document: JSONObject) -> Bool {
        let all = Self.words(of: document)
        guard !words.isEmpty, words.count <= all.count else { return false }
        return (0...(all.count - words.count)).contains { start in
            words.indices.allSatisfy { offset in
                let (word, wanted) = (all[start + offset].utf8, words[offset].utf8)
                let isPrefix = endsInPrefix && offset == words.count - 1
                return isPrefix ? word.starts(with: wanted) : word.elementsEqual(wanted)
            }
        }
    }
}
