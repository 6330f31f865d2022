import RoadsteadBasics
import Testing

@testable import RoadsteadHTTP
@testable import RoadsteadREST

/// The routing table of the dialect, row by row.
@Suite struct APICallTests {
    private static let id = ResourceID(type: "job", identifier: "91aa")

    static let table: [(String, String, APICall)] = [
        ("OPTIONS", "/api/job", .options),
        ("OPTIONS", "/anything", .options),
        ("GET", "/api/cloud-entry-point", .entryPoint),
        ("HEAD", "/api/cloud-entry-point", .entryPoint),
        ("PUT", "/api/cloud-entry-point", .editEntryPoint),
        ("GET", "/api/openapi.json", .openAPI), ("GET", "/metrics", .metrics),
        ("POST", "/api/hook/reset-password", .unknown(path: "hook/reset-password")),
        ("DELETE", "/api/cloud-entry-point", .invalidMethod(path: "cloud-entry-point")),
        ("POST", "/api/job", .add(type: "job")),
        ("GET", "/api/job", .query(type: "job")),
        ("PUT", "/api/job", .query(type: "job")),
        ("HEAD", "/api/job", .query(type: "job")),
        ("DELETE", "/api/job", .bulkDelete(type: "job")),
        ("PATCH", "/api/job", .invalidMethod(path: "job")),
        ("PATCH", "/api/job/set-tags", .bulkAction(type: "job", action: "set-tags")),
        ("GET", "/api/job/91aa", .retrieve(id)),
        ("PUT", "/api/job/91aa", .edit(id)),
        ("DELETE", "/api/job/91aa", .delete(id)),
        ("POST", "/api/job/91aa", .invalidMethod(path: "job/91aa")),
        ("POST", "/api/job/91aa/cancel", .perform(action: "cancel", id)),
        ("GET", "/api/job/91aa/cancel", .perform(action: "cancel", id)),
        ("PUT", "/api/job/91aa/cancel", .perform(action: "cancel", id)),
        ("GET", "/api/module/x_3", .retrieve(ResourceID(type: "module", identifier: "x_3"))),
        ("GET", "/api/job/", .unknown(path: "job/")),
        ("GET", "/api/job/91aa/", .unknown(path: "job/91aa/")),
        ("GET", "/api/job/91aa/a/b", .unknown(path: "job/91aa/a/b")),
        ("GET", "/api//job", .unknown(path: "/job")),
        ("GET", "/api/job/a b", .unknown(path: "job/a b")),
        ("GET", "/api/Job/91aa", .unknown(path: "Job/91aa")),
        ("GET", "/", .redirect),
        ("GET", "/api", .redirect),
        ("GET", "/api/", .redirect),
        ("POST", "/elsewhere", .redirect),
        ("GET", "/health", .health),
        ("GET", "/ready", .ready),
    ]

    @Test("a method and a path mean what the dialect says", arguments: table)
    func route(_ method: String, _ path: String, _ call: APICall) {
        #expect(APICall(method: method, path: path) == call)
    }

    static let forms: [(String, [String])] = [
        ("", []), ("a=1", ["a", "1"]), ("a=1&b=x%20y+z", ["a", "1", "b", "x y z"]), ("a", ["a", ""]),
        ("a=b=c", ["a", "b=c"]), ("filter=name%3D%27%C3%A9%27", ["filter", "name='é'"]), ("a=%", ["a", "%"]),
        ("a=%zz&&b=%4", ["a", "%zz", "b", "%4"]), ("%61=%2B", ["a", "+"]),
    ]

    @Test("form fields are decoded as browsers and Python encode them", arguments: forms)
    func fields(_ text: String, _ expected: [String]) throws {
        #expect(try FormFields.parse(text).flatMap { [$0.name, $0.value] } == expected)
    }

    @Test(
        "dates are written as HTTP wants them",
        arguments: [
            ("2026-11-22T09:30:00.123Z", "Sun, 22 Nov 2026 09:30:00 GMT"),
            ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("2000-02-29T23:59:59Z", "Tue, 29 Feb 2000 23:59:59 GMT"),
        ])
    func date(_ instant: String, _ text: String) throws {
        #expect(HTTPDate.text(try #require(Instant(rfc3339: instant))) == text)
    }
}
