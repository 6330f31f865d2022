import NIOHTTP1
import RoadsteadBasics
import Testing

@testable import RoadsteadClient

@Suite struct WireTextTests {
    @Test("form fields keep their order, may repeat, and are escaped byte by byte")
    func form() {
        let fields = FormFields([("filter", "name='a b&c'"), ("select", "ä"), ("select", "x")])
        #expect(fields.encoded == "filter=name%3D%27a%20b%26c%27&select=%C3%A4&select=x")
    }

    @Test("a query sends only what was asked")
    func query() {
        #expect(ClientQuery().form.encoded == "")
        let query = ClientQuery(filter: "a=1", orderBy: "name:asc", first: 1, last: 0, select: ["id", "name"])
        #expect(query.form.encoded == "filter=a%3D1&orderby=name%3Aasc&first=1&last=0&select=id%2Cname")
    }

    @Test("a text is quoted with the quote that it does not hold")
    func quoting() throws {
        #expect(try FilterText.quoted("web") == "'web'")
        #expect(try FilterText.quoted("ada's") == "\"ada's\"")
        #expect(try FilterText.quoted("5\" disk") == "'5\" disk'")
    }

    @Test("a text that cannot be said in a filter is refused", arguments: ["both ' and \"", "back\\slash"])
    func unquotable(_ text: String) {
        #expect(code { _ = try FilterText.quoted(text) } == .invalidInput)
    }

    @Test("the session's token is taken from its cookie only")
    func cookie() {
        let name = "com.com.sixsq.nuvla.cookie"
        func token(_ values: [String]) -> String? {
            SessionCookie.token(in: HTTPHeaders(values.map { ("set-cookie", $0) }))?.exposed
        }
        #expect(token(["other=1; Path=/", "\(name)=abc.def=; Path=/; HttpOnly"]) == "abc.def=")
        #expect(token(["\(name)=INVALID; Max-Age=0"]) == nil)
        #expect(token(["\(name)=; Path=/"]) == nil)
        #expect(token(["x\(name)=abc"]) == nil)
        #expect(token([]) == nil)
    }
}
