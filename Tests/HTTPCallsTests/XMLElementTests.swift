import HTTPCalls
import Testing

@Suite struct XMLElementTests {
    private func root(_ text: String) -> XMLElement? { XMLElement(Array(text.utf8)) }

    @Test("elements of the same name nest, and keep their order")
    func nests() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a > b --><R xmlns="urn:x" a='>'><item><item>1</item><item/></item><item>2</item></R>

            """
        let items = try #require(root(text)).all("item")
        #expect(items.count == 2 && items[1].text == "2")
        #expect(items[0].all("item").map(\.text) == ["1", ""])
    }

    @Test("entities, character numbers and CDATA are read")
    func entities() {
        #expect(root("<a>&lt;&#65;&#x42;&amp;&quot;&apos;&gt;<![CDATA[<x>&y;]]>ü</a>")?.text == "<AB&\"'><x>&y;ü")
    }

    @Test("a name that another begins with is not taken for it")
    func prefixes() {
        #expect(root("<r><Names>1</Names><Name>2</Name></r>")?.text("Name") == "2")
        #expect(root("<r><Names>1</Names></r>")?.text("Name") == nil)
    }

    @Test(
        "what is not well-formed is none",
        arguments: [
            "", "{}", "<a>", "<a></b>", "<a/><b/>", "<a>&nope;</a>", "<a>&#xD800;</a>", "<a b></a>", "<a b=\"></a>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a/>", "<!doctype html><html/>", "<a", "<a>text", "<a><![CDATA[</a>",
            "< a/>",
        ])
    func refuses(text: String) {
        #expect(root(text) == nil)
    }

    @Test("bytes that are no UTF-8 are none, nor is what is nested too deep")
    func limits() {
        #expect(XMLElement(Array("<a>".utf8) + [0xff] + Array("</a>".utf8)) == nil)
        let deep = { String(repeating: "<a>", count: $0) + String(repeating: "</a>", count: $0) }
        #expect(root(deep(64)) != nil && root(deep(65)) == nil && root(deep(100_000)) == nil)
    }
}
