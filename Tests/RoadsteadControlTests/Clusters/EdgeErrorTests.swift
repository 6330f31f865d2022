import RemoteHosts
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import Testing

@testable import RoadsteadControl

@Suite("Errors of hosts and clouds")
struct EdgeErrorTests {
    private static let hostCodes: [RemoteHostError.Code] = [
        .invalidInput, .nameNotFound, .refused, .noRoute, .connectTimedOut, .closedEarly, .permissionDenied,
        .keyUnusable, .hostKeyChanged, .hostKeyUnknown, .sudoRefused, .connectionLost, .commandFailed(status: 1),
        .timedOut, .tooMuchOutput, .packagesLocked, .packageSource, .diskFull, .unsuitable, .cancelled, .localFault,
    ]

    @Test(
        "A step is tried again after those failures of a host that may pass, and after no others", arguments: hostCodes)
    func hosts(code: RemoteHostError.Code) {
        let error = RemoteHostError(code, "it broke", host: "10.0.0.1:22")
        let translated = RoadsteadError.translating(error, doing: "prepare prod-1")
        #expect((JobFailurePolicy(translated.code) == .retry) == error.mayPass)
        #expect(translated.message.hasPrefix("cannot prepare prod-1: it broke (10.0.0.1:22)"))
    }

    @Test("The same for clouds; how long a cloud wants to be left alone is kept", arguments: CloudError.Code.allCases)
    func clouds(code: CloudError.Code) {
        let error = CloudError(code, "zone x has no room", retryAfter: .seconds(7))
        let translated = RoadsteadError.translating(error)
        #expect((JobFailurePolicy(translated.code) == .retry) == error.mayPass)
        #expect(translated.message == error.message && translated.context["retry-after"] == "7")
    }
}
