import NIOHTTP1
import RoadsteadBasics
import Testing

@testable import RoadsteadClient

@Suite struct AnswerErrorTests {
    private let server = ServerAddress(isSecure: false, host: "127.0.0.1", port: 8420)

    @Test(
        "status and message decide the code",
        arguments: [
            (400, "invalid filter", RoadsteadError.Code.invalidInput), (401, "who?", .unauthenticated),
            (403, "credentials required", .unauthenticated), (403, "invalid credentials for 'job/1'", .forbidden),
            (404, "not found", .notFound), (405, "invalid method", .unsupported),
            (409, "conflict with module/1", .conflict),
            (409, "Action start cannot be called on deployment/1 in state STARTED!", .invalidState),
            (409, "edit is not allowed in final state", .invalidState), (413, "too large", .limitExceeded),
            (429, "slow down", .limitExceeded), (500, "unexpected", .internal), (503, "engine away", .unavailable),
            (504, "no answer", .timeout), (418, "teapot", .invalidInput),
        ])
    func codes(_ status: Int, _ text: String, _ code: RoadsteadError.Code) {
        let body = JSONValue.object(["status": .integer(Int64(status)), "message": .string(text)]).serialized()
        let error = AnswerError.make(APIAnswer(status: status, headers: [:], bytes: body), from: server)
        #expect(error.code == code)
        #expect(error.message == text)
    }

    @Test("the id that the server names is kept for programs")
    func context() {
        let body = JSONValue.object(["message": "conflict", "resource-id": "module/7"]).serialized()
        let error = AnswerError.make(APIAnswer(status: 409, headers: [:], bytes: body), from: server)
        #expect(error.context["resource-id"] == "module/7")
        #expect(error.context["status"] == "409")
    }

    @Test("a redirect, a proxy's page and another service say that this is not the server")
    func foreign() {
        func error(_ status: Int, _ headers: HTTPHeaders, _ text: String) -> RoadsteadError {
            AnswerError.make(APIAnswer(status: status, headers: headers, bytes: Array(text.utf8)), from: server)
        }
        #expect(error(302, ["location": "https://x.example/"], "").message.contains("redirect to https://x.example/"))
        #expect(error(502, [:], "<html>bad gateway</html>").code == .unavailable)
        #expect(error(404, [:], "404 page not found\n").message.contains("is this the address of a Roadstead server?"))
    }

    @Test("a success that is no JSON object is not taken for one")
    func noObject() {
        let answer = APIAnswer(status: 200, headers: [:], bytes: Array("<html>".utf8))
        #expect(code { _ = try answer.object(from: server) } == .unavailable)
    }
}
