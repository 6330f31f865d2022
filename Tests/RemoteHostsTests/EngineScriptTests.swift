import Foundation
import Testing

@testable import RemoteHosts

@Suite("What becomes of an engine that is there")
struct EngineScriptTests {
    private func shell(_ script: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }

    @Test(
        "Its command line goes on, but for the ways in that it has had at our port",
        arguments: [
            (
                "# /lib/systemd/system/docker.service\n[Service]\nType=notify\n"
                    + "ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/c.sock $DOCKER_OPTS\nExecReload=/bin/kill\n",
                "/usr/sbin/dockerd -H fd:// --containerd=/run/c.sock $DOCKER_OPTS "
            ),
            (
                "ExecStart=/usr/bin/dockerd -H fd://\n# /etc/systemd/system/docker.service.d/own.conf\nExecStart=\n"
                    + "ExecStart=/usr/bin/dockerd \\\n  --data-root=/data \\\n  --live-restore\n",
                "/usr/bin/dockerd --data-root=/data -H unix:///var/run/docker.sock "
            ),
            (
                "ExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2376 -H unix:///var/run/docker.sock --storage-driver vfs "
                    + "--tlsverify --tlscacert /etc/docker/ca.pem --tlscert=/a --tlskey /b --label provider=generic\n",
                "/usr/bin/dockerd -H unix:///var/run/docker.sock --storage-driver vfs --label provider=generic "
            ),
            (
                "ExecStart=/usr/bin/dockerd -H=tcp://[::]:2376 --tls=true\n",
                "/usr/bin/dockerd -H unix:///var/run/docker.sock "
            ),
            ("", ""),
        ])
    func commandLine(unit: String, line: String) throws {
        let script = "printf '%s' \(ShellWord.quoted(unit)) | \(HostPreparation.commandLine)"
        #expect(try shell(script) == line)
    }

    @Test(
        "Settings are changed in the one place, whatever else they hold",
        arguments: [
            ("{}", #"{"live-restore": true}"#), ("{\n}\n", #"{"live-restore": true}"#),
            (#"{"a": {"b": 1}}"#, #"{"live-restore": true, "a": {"b": 1}}"#),
            (#"{"a": 1, "live-restore" : false, "b": []}"#, #"{"a": 1, "live-restore" : true, "b": []}"#),
        ])
    func liveRestore(before: String, after: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "engine-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let kept = folder.appending(path: "kept").path, settings = folder.appending(path: "settings").path
        try before.write(toFile: kept, atomically: true, encoding: .utf8)
        let text = try shell(
            "\(EngineRestart.functions)\nkept=\(kept) settings=\(settings)\nlive true\ncat \(settings)")
        #expect(text.trimmingCharacters(in: .whitespacesAndNewlines) == after)
    }
}
