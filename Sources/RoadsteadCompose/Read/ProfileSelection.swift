/// Which services are part of the stack, after their `profiles`.
///
/// Source: the Compose specification, profiles.
struct ProfileSelection {
    let wanted: Set<String>

    init(input: ComposeInput) {
        let variable = input.environment["COMPOSE_PROFILES"] ?? ""
        let names = input.profiles.isEmpty ? variable.split(separator: ",").map(String.init) : input.profiles
        wanted = Set(names.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty })
    }

    func isActive(_ service: ComposeService) -> Bool {
        service.profiles.isEmpty || wanted.contains("*") || !wanted.isDisjoint(with: service.profiles)
    }

    /// Without the services that are not wanted, and without configs and secrets that only these use.
    func apply(to file: ComposeFile, _ log: ProblemLog) -> ComposeFile {
        warnOfUnknown(file, log)
        var selected = file
        selected.services = file.services.filter { isActive($0.value) }
        guard selected.services.count < file.services.count else { return file }
        func unused(_ references: (ComposeService) -> [String]) -> Set<String> {
            Set(file.services.values.flatMap(references)).subtracting(selected.services.values.flatMap(references))
        }
        for key in unused({ $0.configs.map(\.source) + [$0.credentialSpec?.config].compactMap(\.self) }) {
            selected.configs[key] = nil
        }
        for key in unused({ $0.secrets.map(\.source) }) { selected.secrets[key] = nil }
        return selected
    }

    private func warnOfUnknown(_ file: ComposeFile, _ log: ProblemLog) {
        let known = Set(file.services.values.flatMap(\.profiles))
        for name in wanted.subtracting(known).sorted() where name != "*" {
            let others = known.isEmpty ? "" : "; there are: " + known.sorted().joined(separator: ", ")
            log.warn("no service has the profile '\(name)'\(others)")
        }
    }
}
