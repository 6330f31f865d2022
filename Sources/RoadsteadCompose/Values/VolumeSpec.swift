/// The short form of a mount: `[source:]target[:options]`.
struct VolumeSpec: Hashable, Sendable {
    struct Failure: Error, Hashable, Sendable {
        var message: String
    }

    /// `volume` or `bind`.
    var type: String
    var source = ""
    var target = ""
    var isReadOnly = false
    var noCopy = false
    var propagation: String?
    /// Options that mean nothing on a Swarm (`z`, `cached`).
    var ignoredOptions: [String] = []

    private static let propagations: Set<String> = [
        "private", "rprivate", "shared", "rshared", "slave", "rslave",
    ]

    static func parse(_ text: String) throws(Failure) -> VolumeSpec {
        guard !text.isEmpty else { throw Failure(message: "invalid empty volume spec") }
        var spec = VolumeSpec(type: "volume")
        if text.utf8.count <= 2 {
            spec.target = text
            return spec
        }
        let sections = split(text)
        guard sections.allSatisfy({ !$0.isEmpty }) else {
            throw Failure(message: "invalid spec: \(text): empty section between colons")
        }
        guard sections.count <= 3 else { throw Failure(message: "invalid spec: \(text): too many colons") }
        spec.target = sections.count == 1 ? sections[0] : sections[1]
        if sections.count > 1 { spec.source = sections[0] }
        if sections.count == 3 { spec.apply(options: sections[2]) }
        if isFilePath(spec.source) { spec.type = "bind" }
        return spec
    }

    /// At colons, but not at the one of a Windows drive (`C:\`).
    private static func split(_ text: String) -> [String] {
        var sections: [String] = []
        var section = ""
        for character in text {
            let isDrive = section.count == 1 && section.first?.isLetter == true
            if character == ":", !isDrive {
                sections.append(section)
                section = ""
            } else {
                section.append(character)
            }
        }
        return sections + [section]
    }

    private mutating func apply(options: String) {
        for option in options.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            switch option {
            case "ro": isReadOnly = true
            case "rw": isReadOnly = false
            case "nocopy": noCopy = true
            case _ where Self.propagations.contains(option): propagation = option
            default: ignoredOptions.append(option)
            }
        }
    }

    private static func isFilePath(_ source: String) -> Bool {
        guard let first = source.first else { return false }
        if [".", "/", "~"].contains(first) || source.hasPrefix("\\\\") { return true }
        return first.isLetter && source.dropFirst().first == ":"
    }
}
