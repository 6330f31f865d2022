import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadWeb

@Suite struct ListControlsTests {
    private func controls(_ fields: (String, String)...) -> ListControls {
        ListControls(PageFields(fields.map { (name: $0.0, value: $0.1) }), orders: InfrastructureListPage.orders)
    }

    @Test("words become full text, one filter each, and whatever is no word is left out of them")
    func words() throws {
        let parameters = controls(("q", "Lab's \"one\" or 1=1 ')"), ("type", "s3' or name!='")).parameters(
            choiceAttribute: "subtype")
        #expect(
            parameters.filters == [
                "fulltext=='lab*'", "fulltext=='s*'", "fulltext=='one*'", "fulltext=='or*'", "fulltext=='1*'",
                "fulltext=='1*'",
                "subtype='s3orname'",
            ])
        for filter in parameters.filters { _ = try Filter.parse(filter, now: Instant(millisecondsSinceEpoch: 0)) }
    }

    @Test(
        "pages count from 1, and what is no page is the first",
        arguments: [("2", 26, 50), ("0", 1, 25), ("-3", 1, 25), ("x", 1, 25)])
    func pages(_ page: String, _ first: Int, _ last: Int) {
        let parameters = controls(("page", page)).parameters(choiceAttribute: "subtype")
        #expect(parameters.first == first && parameters.last == last)
        #expect(parameters.orderBy == [.init("name")])
    }

    @Test("the ways on and back keep words, choice and order, and end where the list does")
    func ways() {
        let first = Pager(controls(("q", "a&b"), ("sort", "type")), path: "/x", shown: 25, count: 26)
        #expect(first.previous == nil && first.next == "/x?q=a%26b&sort=type&page=2")
        let last = Pager(controls(("page", "2")), path: "/x", shown: 1, count: 26)
        #expect(last.next == nil && last.previous == "/x?sort=name&page=1")
        #expect(last.from == 26 && last.to == 26 && last.isNeeded)
        let only = Pager(controls(), path: "/x", shown: 3, count: 3)
        #expect(!only.isNeeded)
    }

    @Test("the request that a list shows is the one that it makes")
    func hint() {
        let parameters = controls(("q", "lab"), ("sort", "newest")).parameters(choiceAttribute: "subtype")
        let hint = CommandHint(command: "roadstead infra ls", query: "infrastructure-service", parameters)
        #expect(
            hint.request
                == "GET /api/infrastructure-service?filter=fulltext%3D%3D'lab*'&orderby=created:desc&first=1&last=25")
    }
}
