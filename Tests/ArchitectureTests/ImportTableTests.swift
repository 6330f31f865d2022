import Foundation
import Testing

@Suite("The house: who imports whom")
struct ImportTableTests {
    @Test("every import under Sources/ is allowed by the table in ARCHITECTURE.md")
    func importsAgreeWithTheTable() throws {
        let table = try ImportTable.read(from: Repository.root.appending(path: "ARCHITECTURE.md"))
        let violations = try Repository.swiftFiles(under: "Sources").flatMap { file in
            try file.imports().filter { !table.allows($0, in: file.target) }
                .map { "\(file.path): import \($0) is not in the row of \(file.target)" }
        }
        #expect(violations == [])
    }

    @Test("every target has a row and every row a target")
    func rowsAgreeWithTargets() throws {
        let table = try ImportTable.read(from: Repository.root.appending(path: "ARCHITECTURE.md"))
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Repository.root.appending(path: "Sources").path)
        #expect(Set(table.rows.keys) == Set(folders))
    }

    @Test("a row names only targets of rows above it, so arrows cannot form a circle")
    func arrowsPointUp() throws {
        let table = try ImportTable.read(from: Repository.root.appending(path: "ARCHITECTURE.md"))
        for (index, name) in table.order.enumerated() {
            let below = Set(table.order[index...])
            #expect(table.rows[name]?.own.isDisjoint(with: below) == true, "\(name) imports downwards")
        }
    }

    @Test("the table refuses what it does not name")
    func theTableCanFail() throws {
        let text = """
            | `A` | low | - | Yams |
            | `B` | high | A | - |
            """
        let table = ImportTable(markdown: text)
        #expect(table.allows("A", in: "B"))
        #expect(table.allows("Foundation", in: "A"))
        #expect(!table.allows("B", in: "A"))
        #expect(!table.allows("Yams", in: "B"))
        #expect(!table.allows("FoundationNetworking", in: "A"))
    }
}

/// The rows of the table "Who may import whom".
struct ImportTable {
    struct Row {
        var own: Set<String>
        var outside: Set<String>
    }

    private(set) var rows: [String: Row] = [:]
    private(set) var order: [String] = []

    /// Modules of the Swift distribution and of the C library.
    private static let distribution: Set<String> = [
        "Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc", "Darwin", "Musl",
    ]

    static func read(from url: URL) throws -> ImportTable {
        ImportTable(markdown: try String(contentsOf: url, encoding: .utf8))
    }

    init(markdown: String) {
        for line in markdown.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4 else { continue }
            let name = cells[0].trimmingCharacters(in: ["`"])
            rows[name] = Row(own: Self.names(cells[2]), outside: Self.names(cells[3]))
            order.append(name)
        }
    }

    private static func names(_ cell: String) -> Set<String> {
        Set(cell.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0 != "-" })
    }

    func allows(_ module: String, in target: String) -> Bool {
        guard let row = rows[target] else { return false }
        return row.own.contains(module) || row.outside.contains(module) || Self.distribution.contains(module)
    }
}

/// The checkout that this test was built from.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct SwiftFile {
        var path: String
        /// First folder below Sources/ or Tests/.
        var target: String
        var url: URL

        /// Modules named by `import` lines, whatever attribute or access level stands before the word.
        func imports() throws -> [String] {
            try String(contentsOf: url, encoding: .utf8).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(of: "import"), index <= 2, index + 1 < words.count,
                    words[..<index].allSatisfy(Self.mayPrecedeImport)
                else { return nil }
                let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
                let name =
                    kinds.contains(words[index + 1]) && index + 2 < words.count ? words[index + 2] : words[index + 1]
                return String(name.prefix { $0 != "." })
            }
        }

        private static func mayPrecedeImport(_ word: Substring) -> Bool {
            word.hasPrefix("@") || ["public", "internal", "private", "fileprivate", "package"].contains(word)
        }
    }

    static func swiftFiles(under folder: String) throws -> [SwiftFile] {
        let base = root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.allObjects.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            SwiftFile(
                path: "\(folder)/\(name)", target: String(name.prefix { $0 != "/" }), url: base.appending(path: name))
        }
    }
}
