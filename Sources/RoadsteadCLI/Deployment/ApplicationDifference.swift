import RoadsteadBasics

/// What differs between two contents of an application (or two revisions), for people. Values of variables and contents
/// of secrets are compared and never shown.
struct ApplicationDifference: Sendable {
    private(set) var sections: [(title: String, lines: [String])] = []
    private let style: Style

    init(style: Style) { self.style = style }

    var isEmpty: Bool { sections.isEmpty }

    var lines: [String] {
        sections.flatMap { section in [style.paint(section.title, .bold)] + section.lines }
    }

    mutating func addText(_ title: String, from old: String, to new: String) {
        let difference = TextDifference(from: old, to: new)
        if !difference.isEmpty { sections.append((title, difference.text(style: style))) }
    }

    /// Named texts on both sides. Those whose names are `hidden` are only said to differ.
    mutating func addFiles(from old: [String: String], to new: [String: String], hidden: Set<String>) {
        for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
            guard !hidden.contains(name) else {
                sections.append(("file \(name)", ["  " + Self.word(old[name], new[name])]))
                continue
            }
            addText("file \(name)", from: old[name] ?? "", to: new[name] ?? "")
        }
    }

    /// Files of which only those who may edit learn whether they are the same.
    mutating func addUndisclosed(_ names: Set<String>) {
        for name in names.sorted() {
            sections.append(("file \(name)", ["  is a secret's: only who may edit learns whether it differs"]))
        }
    }

    /// What is not said in words: only whether it is there and whether it is the same.
    mutating func addHidden(_ title: String, from old: [String: String], to new: [String: String]) {
        let names = Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
        guard !names.isEmpty else { return }
        sections.append((title, names.map { "  \($0): \(Self.word(old[$0], new[$0]))" }))
    }

    mutating func addValues(_ title: String, from old: [String: String], to new: [String: String]) {
        let names = Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
        guard !names.isEmpty else { return }
        let lines = names.map { name in
            let text = "  \(name): \(old[name] ?? "(none)") -> \(new[name] ?? "(none)")"
            return TerminalText.safe(text, keepingLines: false)
        }
        sections.append((title, lines))
    }

    private static func word(_ old: String?, _ new: String?) -> String {
        old == nil ? "is new" : new == nil ? "goes" : "differs"
    }
}
