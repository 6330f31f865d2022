import RoadsteadCompose
import Testing

@Suite struct SecretFileNamesTests {
    static let texts: [(text: String, secret: [String], open: [String])] = [
        ("secrets: {a: {file: ./token}, b: {file: key.pem}}", ["token", "key.pem"], ["page.html", "./token"]),
        (
            "configs: {c: {file: page.html}}\nsecrets: {a: {external: true}, b: {environment: X}}", [],
            ["page.html", "b"]
        ),
        ("x-file: &f {file: ./token}\nsecrets: {a: {<<: *f, name: t}}", ["token"], []),
        ("secrets: {a: {file: './${STAGE:-x/y}.token'}}", ["prod.token", ".token"], ["prod.key", "token"]),
        ("secrets: {a: {file: 'db-$STAGE'}}", ["db-prod", "db-"], ["web-prod"]),
        ("secrets: {a: {file: '${DIR}/token'}}", ["token"], ["page.html"]),
        ("secrets: {a: {file: 4711}}", ["4711"], ["471"]),
        ("include: [more.yml]", ["deep", "deeper"], ["more.yml", "never"]),
        ("include: [{path: [./other.yml, more.yml]}]", ["deep", "deeper"], []),
        ("services: {a: {image: x}}", [], ["token"]), ("secrets: [a]", [], ["a"]), ("", [], ["a"]),
    ]

    private static let files = [
        "more.yml": "include: [{path: last.yml}, more.yml]\nsecrets: {d: {file: deep}}",
        "last.yml": "secrets: {d: {file: deeper}}", "other.yml": "services: {}",
        "never.yml": "secrets: {n: {file: never}}",
    ]

    @Test(
        "files that secrets are made of are found without values for variables, in included texts too", arguments: texts
    )
    func names(_ text: String, _ secret: [String], _ open: [String]) throws {
        let names = try #require(SecretFileNames(text, files: Self.files))
        #expect(secret.allSatisfy(names.contains) && !open.contains(where: names.contains))
    }

    @Test("of a text that cannot be read nothing is told", arguments: ["a: [", "include: [bad.yml]"])
    func unreadable(_ text: String) {
        #expect(SecretFileNames(text, files: ["bad.yml": "a: ["]) == nil)
    }

    @Test("a digest tells contents apart, and is another one for each version and file")
    func digest() {
        let digests = [("a", "n", "v"), ("b", "n", "v"), ("a", "m", "v"), ("a", "n", "w")].map {
            SecretFileDigest.make($0.0, name: $0.1, version: $0.2)
        }
        #expect(Set(digests).count == 4 && digests.allSatisfy { $0.count == 64 })
        #expect(SecretFileDigest.make("a", name: "n", version: "v") == digests[0])
    }
}
