import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct ApplicationManifestTests {
    private static let text = """
        x-roadstead:
          description: A shop.
          logo: https://example.org/shop.png
          tags: [shop, web]
          license: {name: MIT, url: https://example.org/license}
          urls:
            site: http://$${hostname}:$${web.tcp.80}/
          variables:
            TITLE: {description: Above each page., value: hello}
            KEY: {required: true}
            NOTE: Words.
          outputs: {token: The first one.}
          requirements: {cpu: 1.5, ram: 512}
        services:
          web: {image: "x:${TAG}", command: "${TITLE}"}
        """

    @Test("what a Compose file says about itself becomes attributes of the application and its version")
    func content() throws {
        let references = try ComposeReferences(Self.text, path: "compose.yml")
        #expect(
            references.manifest.metadata == [
                "description": "A shop.", "logo-url": "https://example.org/shop.png", "tags": ["shop", "web"],
                "license": ["name": "MIT", "url": "https://example.org/license"],
            ])
        let content = ApplicationContent(
            compose: Self.text, files: [], variables: references.variables, manifest: references.manifest)
        let document = content.document(author: "ada", commit: "first")
        #expect(document["urls"] == [["site", "http://${hostname}:${web.tcp.80}/"]])
        #expect(document["output-parameters"] == [["name": "token", "description": "The first one."]])
        #expect(document["minimum-requirements"] == ["min-cpu": 1.5, "min-ram": 512])
        #expect(
            document["environmental-variables"] == [
                ["name": "TAG"], ["name": "TITLE", "description": "Above each page.", "value": "hello"],
                ["name": "KEY", "required": true], ["name": "NOTE", "description": "Words."],
            ])
        #expect(content.isSame(as: document.merging(["id": "module-application/1", "author": "eva"])))
        #expect(!content.isSame(as: document.merging(["urls": [["site", "http://other"]]])))
    }

    @Test(
        "what is not understood is refused with its place",
        arguments: [
            ("x-roadstead: {logos: x}", "compose.yml:1:22: x-roadstead has no 'logos'"),
            ("x-roadstead: [a]", "x-roadstead must be a mapping"),
            ("x-roadstead: {requirements: {cpu: many}}", "numbers above 0"),
            ("x-roadstead: {variables: {A: {default: x}}}", "a variable has no 'default'"),
        ])
    func refusals(_ text: String, _ words: String) {
        let said = message { _ = try ComposeReferences(text, path: "compose.yml") }
        #expect(said.contains(words), "\(said)")
    }
}
