import DockerAPI
import Foundation

@testable import RoadsteadCompose

/// Reads one text as a stack `s` in `/work-dir`, with files and variables from memory.
func stack(
    _ text: String, over: String..., files: [String: String] = [:], environment: [String: String] = [:],
    profiles: [String] = [], builds: Bool = false
) throws(ComposeProblems) -> DesiredStack {
    let sources = ([text] + over).enumerated().map { index, text in
        ComposeSource(path: index == 0 ? "compose.yml" : "over\(index).yml", text: text)
    }
    let reader = MemoryFileReader(files: Dictionary(uniqueKeysWithValues: files.map { ("dir/" + $0, Array($1.utf8)) }))
    return try ComposeReader.desiredStack(
        ComposeInput(
            sources: sources, environment: environment, reader: reader, workingDirectory: "/dir", profiles: profiles,
            builds: builds), stackName: "s")
}

/// One service `w` of image `a`, whose other keys are the given lines.
func service(
    _ lines: String, top: String = "", files: [String: String] = [:], environment: [String: String] = [:]
) throws(ComposeProblems) -> DesiredStack {
    try stack(serviceText(lines) + top, files: files, environment: environment)
}

func serviceText(_ lines: String) -> String {
    let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
    return "services:\n  w:\n    image: a\n" + indented
}

/// The problems that a text has, one a line.
func problems(
    _ text: String, over: String..., files: [String: String] = [:], environment: [String: String] = [:],
    profiles: [String] = []
) -> [String] {
    let sources = ([text] + over).enumerated().map { index, text in
        ComposeSource(path: index == 0 ? "compose.yml" : "over\(index).yml", text: text)
    }
    let reader = MemoryFileReader(files: Dictionary(uniqueKeysWithValues: files.map { ("dir/" + $0, Array($1.utf8)) }))
    let input = ComposeInput(
        sources: sources, environment: environment, reader: reader, workingDirectory: "/dir", profiles: profiles)
    do {
        _ = try ComposeReader.desiredStack(input, stackName: "s")
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

extension DesiredStack {
    subscript(key: String) -> DesiredService? { services.first { $0.key == key } }

    var first: ServiceSpec? { services.first?.spec }
    var container: ContainerSpec? { first?.taskTemplate.containerSpec }
}
