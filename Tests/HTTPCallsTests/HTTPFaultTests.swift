import HTTPCalls
import Logging
import Testing

@Suite struct HTTPFaultTests {
    @Test("a request that met no listener, or no such name, never left")
    func neverLeft() async throws {
        let caller = try HTTPCaller(logger: Logger(label: "test"))
        for url in ["http://127.0.0.1:1/", "http://nobody.invalid/"] {
            let fault = await #expect(throws: HTTPFault.self) { _ = try await caller.send("POST", url, body: [1]) }
            #expect(fault?.mayHaveArrived == false, "\(url): \(fault?.words ?? "")")
        }
        await caller.shutdown()
    }

    @Test("of a fault whose cause is unknown it is not said that the request never left")
    func unknown() {
        struct Strange: Error {}
        #expect(HTTPFault(Strange()).mayHaveArrived)
        #expect(HTTPFault(CancellationError()).mayHaveArrived)
    }
}
