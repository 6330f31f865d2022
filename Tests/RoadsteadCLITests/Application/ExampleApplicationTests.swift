import DockerAPI
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import Testing

@testable import RoadsteadCLI

/// The applications of Examples/ as people would deploy them.
@Suite struct ExampleApplicationTests {
    private static let values = [
        "nextcloud": ["ADMIN_PASSWORD": "made up", "DATABASE_PASSWORD": "made up"],
        "traefik": ["ACME_EMAIL": "ops@example.org", "DOMAIN": "example.org"], "minio": ["ROOT_PASSWORD": "made up"],
        "monitoring": ["ADMIN_PASSWORD": "made up"],
    ]

    private static func folder(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Examples/\(name)").path
    }

    @Test("each is read with its files and without a warning", arguments: values.keys.sorted())
    func valid(_ name: String) async throws {
        let file = try ComposeFolder.resolved(Self.folder(name))
        let content = try await ApplicationContent.load(file, extraFiles: [])
        let check = ApplicationCheck(label: file, content: content)
        #expect(try await check.run(values: Self.values[name] ?? [:], isComplete: true) == [])
        let metadata = content.manifest.metadata
        #expect(metadata["description"] != nil && metadata["license"] != nil)
        #expect(metadata["tags"]?.arrayValue?.contains("example") == true)
        #expect(!content.manifest.urls.isEmpty && content.manifest.requirements != nil)
    }

    @Test("its README names every variable, URL and image", arguments: values.keys.sorted())
    func documented(_ name: String) async throws {
        let folder = Self.folder(name)
        let readme = try String(contentsOfFile: folder + "/README.md", encoding: .utf8)
        let content = try await ApplicationContent.load(try ComposeFolder.resolved(folder), extraFiles: [])
        let declared = content.document(author: "a", commit: "c")["environmental-variables"]?.arrayValue ?? []
        for variable in declared {
            let variableName = variable["name"]?.stringValue ?? ""
            #expect(readme.contains("`\(variableName)`"), "\(variableName)")
            let isRequired = variable["required"] == true
            #expect(isRequired == (Self.values[name]?[variableName] != nil), "\(variableName)")
        }
        for url in content.manifest.urls { #expect(readme.contains("`\(url.label)`"), "\(url.label)") }
        let images = content.compose.split(separator: "\n").compactMap { line -> String? in
            let parts = line.split(separator: " ")
            return parts.count == 2 && parts[0] == "image:" ? String(parts[1]) : nil
        }
        #expect(images.count >= 2)
        for image in images { #expect(readme.contains("`\(image)`"), "\(image)") }
    }

    @Test(
        "no image is named by latest, and every service that runs on has a limit of memory",
        arguments: values.keys.sorted())
    func kept(_ name: String) throws {
        let folder = Self.folder(name)
        let text = try String(contentsOfFile: try ComposeFolder.resolved(folder), encoding: .utf8)
        let input = ComposeInput(
            sources: [ComposeSource(path: "compose.yaml", text: text)], environment: Self.values[name] ?? [:],
            reader: DiskFileReader(), workingDirectory: folder)
        let stack = try ComposeReader.desiredStack(input, stackName: name)
        for service in stack.services {
            let image = service.spec.taskTemplate.containerSpec?.image ?? ""
            #expect(image.split(separator: "/").last?.contains(":") == true && !image.hasSuffix(":latest"), "\(image)")
            let isJob = service.spec.mode?.replicatedJob != nil
            #expect(isJob || service.spec.taskTemplate.resources?.limits?.memoryBytes != nil, "\(service.key)")
        }
    }
}
