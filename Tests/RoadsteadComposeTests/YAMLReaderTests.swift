import Testing

@testable import RoadsteadCompose

@Suite struct YAMLReaderTests {
    private func read(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(ComposeProblem) -> YAMLNode {
        try YAMLReader.read(text, file: "f.yml", limits: limits)
    }

    private func problem(_ text: String, limits: YAMLLimits = YAMLLimits()) -> String? {
        do {
            _ = try read(text, limits: limits)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "plain scalars get the type and text that docker gives them",
        arguments: [
            ("null", ""), ("~", ""), ("true", "true"), ("yes", "yes"), ("no", "no"), ("on", "on"), ("12", "12"),
            ("+5", "5"), ("-7", "-7"), ("1_000", "1000"), ("0x10", "16"), ("0777", "511"), ("0o17", "15"),
            ("0b101", "5"), ("08", "8"), ("1.50", "1.5"), (".5", "0.5"), ("1e3", "1000"), ("1e30", "1e+30"),
            ("1e-7", "1e-07"), ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("12345678901234567890", "12345678901234567890"), ("-9223372036854775808", "-9223372036854775808"),
            ("22:22", "22:22"), ("1.2.3", "1.2.3"), ("2001-01-01", "2001-01-01"), (".inf", "+Inf"),
            ("0x", "0x"), ("1e", "1e"), ("0.1", "0.1"), ("100000000000000000000", "100000000000000000000"),
            ("1000000000000000000000.0", "1e+21"), ("0.00001", "1e-05"), ("'12'", "12"),
        ])
    func scalarTypes(_ source: String, _ text: String) throws {
        #expect(try read("k: \(source)")["k"]?.text == text)
    }

    @Test("quoted numbers and booleans stay texts")
    func quoted() throws {
        let node = try read("a: '12'\nb: \"true\"\nc: !!str 5\nd: |\n  1\n")
        #expect(node["a"]?.string == "12" && node["b"]?.string == "true" && node["c"]?.string == "5")
        #expect(node["d"]?.string == "1\n")
    }

    @Test("nodes know their line and column, aliases the place where they are used")
    func positions() throws {
        let node = try read("a: &x\n  b: [1, 2]\nc: *x\n")
        #expect(node["a"]?["b"]?.list?[1].position == SourcePosition(file: "f.yml", line: 2, column: 10))
        #expect(node["c"]?.position == SourcePosition(file: "f.yml", line: 3, column: 4))
        #expect(node["c"]?["b"]?.list?.count == 2)
    }

    @Test("stars in texts stay stars")
    func stars() throws {
        let node = try read("a: 'x *b'\nb: a*b\nc: |\n  *d\ne: \"*f\" # *g\nh: x *not\n  folded\n")
        #expect(node["a"]?.string == "x *b" && node["b"]?.string == "a*b" && node["c"]?.string == "*d\n")
        #expect(node["e"]?.string == "*f" && node["h"]?.string == "x *not folded")
    }

    @Test("a later anchor of the same name counts from there on")
    func shadowedAnchor() throws {
        let node = try read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")
        #expect(node["b"]?.integer == 1 && node["d"]?.integer == 2)
    }

    @Test("own keys win over merged ones wherever they stand, earlier merged ones over later")
    func mergeKeys() throws {
        let node = try read("p: &p {a: 1, b: 1, c: 1}\nq: &q {b: 2, d: 2}\nr:\n  a: 0\n  <<: [*q, *p]\n  e: 5\n")
        let entries = try #require(node["r"]?.mapping?.entries)
        #expect(entries.map(\.key) == ["a", "e", "b", "d", "c"])
        #expect(entries.compactMap { $0.value.integer } == [0, 5, 2, 2, 1])
    }

    @Test("a quoted << is a key like any other")
    func quotedMergeKey() throws {
        #expect(try read("r: {'<<': 1}")["r"]?["<<"]?.integer == 1)
    }

    @Test(
        "what is no YAML, or no YAML for us, is refused with its place",
        arguments: [
            ("a:\n\tb: 1\n", "f.yml:2:1: yaml: found character that cannot start any token (indent with spaces"),
            ("a: *x\n", "f.yml:1:4: yaml: unknown anchor 'x' referenced"),
            ("a: &a [*a]\n", "f.yml:1:8: yaml: unknown anchor 'a' referenced"),
            ("a: 1\nb: 2\na: 3\n", "yaml: mapping key \"a\" comes twice"),
            ("1: a\n", "f.yml:1:1: yaml: Non-string key 1 (put it in quotes"),
            ("true: a\n", "f.yml:1:1: yaml: Non-string key true"),
            ("? [a]\n: b\n", "yaml: a key must be a text"),
            ("a: &a b\n*a : c\n", "f.yml:2:1: yaml: an alias cannot be a key"),
            ("a: !foo b\n", "f.yml:1:4: yaml: the YAML tag !foo is not supported"),
            ("<<: 5\n", "yaml: map merge requires map or sequence of maps as the value"),
            ("a: 1\n---\nb: 2\n", "f.yml:2:1: yaml: expected a single document"),
            ("a: \"\u{1}\"\n", "f.yml:1:5: yaml: control characters are not allowed"),
            ("a: [1, 2\n", "yaml: "), ("a: {b: 1\n", "yaml: "), ("a: 'x\n", "yaml: "),
            ("a: b: c\n", "f.yml:1:5: yaml: "),
        ])
    func refusals(_ text: String, _ message: String) throws {
        let found = try #require(self.problem(text))
        #expect(found.contains(message))
    }

    @Test("an empty text is null")
    func empty() throws {
        #expect(try read("").isNull)
        #expect(try read("# only a comment\n").isNull)
    }

    // MARK: - Bombs

    @Test("nested aliases that stand for billions are refused, as values and as keys")
    func aliasBombs() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            text +=
                "a\(level): &a\(level) [" + repeatElement("*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        let asValue = try #require(self.problem(text))
        #expect(asValue.contains("stands for more than 200000 values"))
        // Hashing the expanded key would take years; it is refused before it is expanded.
        #expect(problem(text.replacing("a40: &a40", with: "? *a39\n: &a40")) != nil)
        #expect(problem("a: &a [1]\n? [*a, [*a]]\n: 1\n")?.contains("a key must be a text") == true)
    }

    @Test("a long text that is repeated by aliases counts by its length")
    func longTextBomb() throws {
        let text =
            "a: &a " + String(repeating: "x", count: 500_000) + "\nb: ["
            + repeatElement("*a", count: 100).joined(separator: ", ") + "]\n"
        #expect(problem(text)?.contains("stands for more than") == true)
    }

    @Test("deep nesting is refused, within the file and by aliases")
    func depth() {
        #expect(
            problem("a: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70))?.contains(
                "nested more than 64") == true)
        #expect(problem("a: " + String(repeating: "[", count: 50_000)) != nil)
        var chain = "a0: &a0 [1]\n"
        for level in 1...80 { chain += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(problem(chain)?.contains("nested more than 64") == true)
    }

    @Test("a file of more than a mebibyte is refused before it is parsed")
    func size() {
        let text = "a: " + String(repeating: "x", count: 1 << 20)
        #expect(problem(text) == "f.yml: is 1048579 bytes long; a Compose file may have 1048576 at most")
    }
}
