/// The rules for attribute names in filters.
enum FilterAttribute {
    /// `name/name`, each an optional namespace and a term; `a-`, `/a`, `a/1`, `a:` and `x:y:z` are not names.
    static func path(_ text: String, at position: Int) throws(FilterParseError) -> FilterPath {
        let names = text.split(separator: "/", omittingEmptySubsequences: false)
        let isLegal = names.allSatisfy { name in
            let terms = name.split(separator: ":", omittingEmptySubsequences: false)
            return (1...2).contains(terms.count) && terms.allSatisfy(isTerm)
        }
        guard isLegal else { throw FilterParseError(position, "'\(text)' is not an attribute name") }
        return FilterPath(names.map(String.init))
    }

    private static func isTerm(_ term: Substring) -> Bool {
        guard let first = term.utf8.first, let last = term.utf8.last else { return false }
        let isLetter = { (byte: UInt8) in (65...90).contains(byte) || (97...122).contains(byte) }
        let isWord = { (byte: UInt8) in isLetter(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "_") }
        if term.utf8.count == 1 { return isLetter(first) }
        return (isLetter(first) || first == UInt8(ascii: "@")) && isWord(last)
            && term.utf8.dropFirst().allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
    }
}
