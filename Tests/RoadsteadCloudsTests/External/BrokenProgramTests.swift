import Foundation
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

/// Programs that break the rules: what was asked is answered all the same, and nothing is left running.
@Suite("Programs that break the driver protocol")
struct BrokenProgramTests {
    private static let hello =
        #"read l; echo '{"id":1,"ok":{"version":1,"name":"bad","features":["firewall"],"concurrency":8}}'; "#
    private let tag = CloudTag(cluster: "c", token: "t", name: "n")

    private static func program(_ script: String, limit: Duration = .seconds(60)) -> ExternalProgram {
        ExternalProgram(
            path: "/bin/sh", arguments: ["-c", script], callLimit: limit, greetingLimit: .seconds(60), lineLimit: 4096,
            grace: .milliseconds(200))
    }

    /// What a driver with this script answers to a read and to a change.
    private func codes(_ script: String) async throws -> (read: CloudError?, change: CloudError?) {
        let reader = try await ExternalDriver(Self.program(Self.hello + script))
        let read = await #expect(throws: CloudError.self) { try await reader.check() }
        await reader.shutdown()
        let changer = try await ExternalDriver(Self.program(Self.hello + script))
        let change = await #expect(throws: CloudError.self) { try await changer.make(.placement, tag: tag) }
        await changer.shutdown()
        return (read, change)
    }

    @Test(
        "a line against the rules ends the program: a read is refused, of a change the outcome is unknown",
        arguments: [
            "read l; echo garbage; cat", "read l; echo '[1]'; cat", #"read l; echo '{"ok":{}}'; cat"#,
            #"read l; echo '{"id":2}'; cat"#, #"read l; echo '{"id":77,"ok":{}}'; cat"#,
            #"read l; echo '{"id":2,"ok":{},"error":{}}'; cat"#,
            #"read l; echo '{"id":2,"error":{"code":"odd","message":"m"}}'; cat"#,
            #"read l; echo '{"id":2,"error":{"code":"cancelled","message":"m"}}'; cat"#,
            #"read l; printf '%05000d' 1; cat"#, #"read l; printf '%05000d\n' 1; cat"#,
        ])
    func breaksRules(_ script: String) async throws {
        let (read, change) = try await codes(script)
        #expect(read?.code == .brokenDriver)
        #expect(change?.code == .outcomeUnknown)
    }

    @Test(
        "a program that dies, before or in the middle of a line, leaves a change unknown and a read unavailable",
        arguments: ["read l; exit 0", #"read l; printf '{"id":2,"o'; exit 3"#, "read l; kill -9 $$"])
    func dies(_ script: String) async throws {
        let (read, change) = try await codes(script)
        #expect(read?.code == .unavailable)
        #expect(change?.code == .outcomeUnknown && change?.mayPass == true)
    }

    @Test("a program that never answers is given up after the limit of a call, even one that does not want to end")
    func neverAnswers() async throws {
        let script = Self.hello + "trap '' TERM; while :; do sleep 0.05; done"
        let driver = try await ExternalDriver(Self.program(script, limit: .milliseconds(300)))
        async let read = Self.code { try await driver.check() }
        async let change = Self.code { _ = try await driver.make(.placement, tag: tag) }
        #expect(await read == .unavailable)
        #expect(await change == .outcomeUnknown)
        await driver.shutdown()
    }

    @Test(
        "after the shutdown the program is gone, even one that neither its input's end nor a signal moves",
        arguments: ["cat >/dev/null", "trap '' TERM; while :; do sleep 0.05; done"])
    func leavesNothingRunning(_ script: String) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "pid-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        var program = Self.program(#"echo $$ > "$0"; "# + Self.hello + script)
        program.arguments.append(file.path)
        let driver = try await ExternalDriver(program)
        let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        let process = try #require(Int32(text))
        #expect(kill(process, 0) == 0)
        await driver.shutdown()
        #expect(kill(process, 0) == -1)
        #expect(await Self.code { try await driver.check() } == .cancelled)
    }

    @Test("a make that is answered with something else is the driver's fault")
    func answersSomethingElse() async throws {
        let script = Self.hello + #"read l; echo '{"id":2,"ok":{"resource":{"kind":"boat"}}}'; cat"#
        let driver = try await ExternalDriver(Self.program(script))
        #expect(await Self.code { _ = try await driver.make(.placement, tag: tag) } == .brokenDriver)
        await driver.shutdown()
    }

    @Test(
        "a program that does not greet properly is refused at once",
        arguments: [
            #"read l; echo '{"id":1,"ok":{"version":2,"name":"n","features":[]}}'; cat"#,
            #"read l; echo '{"id":1,"ok":{"version":1,"features":[]}}'; cat"#,
            #"read l; echo '{"id":1,"ok":{"version":1,"name":"n"}}'; cat"#, "echo hello; cat",
        ])
    func greetsBadly(_ script: String) async throws {
        let error = await #expect(throws: CloudError.self) { _ = try await ExternalDriver(Self.program(script)) }
        #expect(error?.code == .brokenDriver)
    }

    @Test("a program that is not there is named")
    func isMissing() async throws {
        let error = await #expect(throws: CloudError.self) {
            _ = try await ExternalDriver(ExternalProgram(path: "/nonexistent/driver"))
        }
        #expect(error?.code == .brokenDriver && error?.message.contains("/nonexistent/driver") == true)
    }

    @Test("a list with a thing of another cluster is refused")
    func listsAnothers() async throws {
        let thing =
            #"{"kind":"placement","id":"1","name":"n","state":"ready","tag":{"cluster":"d","token":"t","name":"n"}}"#
        let script = Self.hello + #"read l; echo '{"id":2,"ok":{"resources":["# + thing + "]}}'; cat"
        let driver = try await ExternalDriver(Self.program(script))
        let error = await #expect(throws: CloudError.self) { try await driver.resources(of: "c") }
        #expect(error?.code == .brokenDriver)
        await driver.shutdown()
    }

    @Test("answers in another order reach who asked")
    func answersInAnyOrder() async throws {
        let script =
            Self.hello + #"""
                read a; read b
                echo '{"id":3,"ok":{}}'; echo '{"id":2,"error":{"code":"forbidden","message":"second"}}'
                cat >/dev/null
                """#
        let driver = try await ExternalDriver(Self.program(script))
        async let first = Self.code { try await driver.check() }
        async let second = Self.code { try await driver.check() }
        #expect(Set([await first, await second]) == [nil, .forbidden])
        await driver.shutdown()
    }

    private static func code(_ body: () async throws -> Void) async -> CloudError.Code? {
        do { try await body() } catch { return (error as? CloudError)?.code ?? .brokenDriver }
        return nil
    }

    @Test("secrets come over standard input only, and a program that tells them in an error does not get them out")
    func keepsSecrets() async throws {
        let script = #"""
            read l; case "$l" in *s3cr3t-value*) ;; *) exit 1;; esac
            if tr '\0' '\n' </proc/$$/environ | grep -q s3cr3t; then exit 1; fi
            if tr '\0' '\n' </proc/$$/cmdline | grep -q 's3cr3t-''value'; then exit 1; fi
            echo '{"id":1,"ok":{"version":1,"name":"bad","features":[]}}'
            read l; echo '{"id":2,"error":{"code":"forbidden","message":"no right with s3cr3t-''value here"}}'; cat
            """#
        var program = Self.program(script.replacing("*s3cr3t-value*", with: "*s3cr3t-''value*"))
        program.secrets = ["key": Redacted("s3cr3t-value")]
        let driver = try await ExternalDriver(program)
        let error = await #expect(throws: CloudError.self) { try await driver.check() }
        #expect(error?.code == .forbidden)
        #expect(error?.message.contains("s3cr3t-value") == false)
        #expect(!"\(program)".contains("s3cr3t-value"))
        await driver.shutdown()
    }

    @Test("a call whose task is cancelled is answered at once; its own answer is dropped, and the others go on")
    func isCancelled() async throws {
        let mark = FileManager.default.temporaryDirectory.appending(path: "asked-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: mark) }
        let script =
            Self.hello + #"read a; : > "$0"; read b; echo '{"id":2,"ok":{}}'; echo '{"id":3,"ok":{}}'; cat >/dev/null"#
        var program = Self.program(script)
        program.arguments.append(mark.path)
        let driver = try await ExternalDriver(program)
        let task = Task { await Self.code { try await driver.check() } }
        try await until("the program has the call") { FileManager.default.fileExists(atPath: mark.path) }
        task.cancel()
        #expect(await task.value == .cancelled)
        try await driver.check()
        await driver.shutdown()
    }
}
