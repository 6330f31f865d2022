import Crypto
import DockerAPI
import Foundation
import RoadsteadBasics

/// Decides under which names the configs and secrets of a stack stand on the Swarm; pure.
///
/// A Swarm cannot change their content. The first one has the name that docker gives it; other content goes under a name
/// of its own, the services are pointed to it and so replace their tasks, and the last few stay for a rollback. A
/// rotated object carries `label` with the first one's name: the two are of one family.
///
/// A config's name ends with twelve digits of its content's hash. A secret's ends with a number: a hash, in a place that
/// everybody reads, would let a short secret be guessed offline.
struct FileRotation {
    static let label = "roadstead.file"
    /// How many earlier contents of a file are kept.
    static let kept = 3
    /// What a Swarm takes as a name.
    private static let longestName = 64

    let stack: String
    let isExact: Bool
    let live: [LiveFile]

    /// Of the stack, newest first.
    func family(of base: String) -> [LiveFile] {
        live.filter { $0.owner == stack && $0.base == base }.sorted(by: LiveFile.isNewer)
    }

    /// Live objects that might have this file's content: the one of its name, then its family.
    func candidates(for spec: FileSpec) -> [LiveFile] {
        let named = live.filter { $0.name == spec.name && ($0.owner == nil || $0.owner == stack) }
        let others = family(of: base(of: spec)).filter { $0.name != spec.name }
        return (named + others).filter {
            $0.templating == spec.templating && $0.driver?.name.orNil == spec.driver?.name.orNil
                && $0.driver?.options.orNil == spec.driver?.options.orNil
        }
    }

    private func base(of spec: FileSpec) -> String { spec.labels?[Self.label] ?? spec.name }

    /// The file under its final name, with the label of its family when that is not the plain one.
    ///
    /// - Parameter same: the live object with this content, if there is one.
    func renamed(_ spec: FileSpec, same: LiveFile?, nextName: (FileSpec, String) -> String) -> FileSpec {
        let base = base(of: spec)
        let name = same?.name ?? freeName(spec, base, nextName)
        guard name != spec.name else { return spec }
        var spec = spec
        spec.name = name
        if name != base { spec.labels = (spec.labels ?? [:]).merging([Self.label: base]) { $1 } }
        return spec
    }

    private func freeName(_ spec: FileSpec, _ base: String, _ nextName: (FileSpec, String) -> String) -> String {
        let holder = live.first { $0.name == spec.name }
        // Another stack's object is refused under its own name.
        if let owner = holder?.owner, owner != stack { return spec.name }
        if holder == nil, isExact || family(of: base).isEmpty { return spec.name }
        return nextName(spec, base)
    }

    static func configName(_ spec: FileSpec, base: String) -> String {
        var hash = SHA256()
        // Two long names may be cut to the same beginning.
        for part in [base, spec.templating?.name ?? ""] { hash.update(data: Data((part + "\u{0}").utf8)) }
        hash.update(data: spec.data ?? Data())
        let digits = hash.finalize().prefix(6).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
        return cut(base, ending: "_" + digits)
    }

    /// One more than the highest number that the family has.
    func secretName(base: String) -> String {
        let numbers = live.filter { $0.base == base && $0.name != base }.compactMap { file in
            file.name.split(separator: "_").last.flatMap { Int($0) }
        }
        return Self.cut(base, ending: "_\((numbers.max() ?? 1) + 1)")
    }

    private static func cut(_ base: String, ending: String) -> String {
        String(decoding: base.utf8.prefix(longestName - ending.utf8.count), as: UTF8.self) + ending
    }

    /// Earlier contents of the files that a stack still has, those that are kept left out.
    ///
    /// - Parameter current: the final names of the stack's files.
    func outdated(current: Set<String>, bases: Set<String>) -> [LiveFile] {
        bases.sorted().flatMap { base in
            family(of: base).filter { !current.contains($0.name) }.dropFirst(Self.kept)
        }
    }
}

extension FileSpec {
    /// See `LiveFile.base`.
    var base: String { labels?[FileRotation.label] ?? name }
}
