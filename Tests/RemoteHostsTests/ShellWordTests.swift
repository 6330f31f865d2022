import Foundation
import Testing

@testable import RemoteHosts

@Suite("Words of a shell")
struct ShellWordTests {
    @Test(
        "A shell reads back exactly the words that were quoted",
        arguments: [
            [""], ["plain"], ["two words", "three"], ["it's", "''", "'"], ["$(date)", "`date`", "$HOME", "${x}"],
            ["a\nb", "\t", " "], ["\\", "\\\\n", "\"q\""], ["-n", "--", "*", "?", "[a]", "~", "#c", "a=b", "!x"],
            ["ä€😀", ";", "&", "|", "<", ">", "(", ")", "{a,b}"],
        ])
    func roundTrip(words: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "for w in \(ShellWord.line(words)); do printf '%s\\001' \"$w\"; done"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let read = String(decoding: output, as: UTF8.self).components(separatedBy: "\u{1}").dropLast()
        #expect(Array(read) == words)
    }

    @Test("Plain words stay readable")
    func plain() {
        #expect(ShellWord.line(["apt-get", "-qy", "/etc/a.b", "a b"]) == "apt-get -qy /etc/a.b 'a b'")
    }
}
