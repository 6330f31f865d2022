import Foundation
import RoadsteadBasics
import Testing

@testable import RemoteHosts

@Suite("Probes between hosts")
struct PathProbeTests {
    @Test("What a host has heard is read, and a report that was cut short is none")
    func findings() throws {
        let text = "heard 1 udp/7946\nheard 1 tcp/2377\nheard 1 sctp/9\nopen 2 tcp/7946\nmtu 1 1450\n"
        let findings = try #require(PathFindings(parsing: text + "end\n"))
        #expect(findings.heard == [1: [.gossipPackets, .management]])
        #expect(findings.opened == [2: [.gossip]])
        #expect(findings.mtu == [1: 1450])
        #expect(PathFindings(parsing: text) == nil)
        #expect(PathFindings(parsing: "") == nil)
    }

    @Test("The script is Perl, with the modules of perl-base alone")
    func script() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/perl")
        process.arguments = ["-c", "-"]
        let (input, words) = (Pipe(), Pipe())
        (process.standardInput, process.standardError) = (input, words)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(PathProbe.script.utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let modules = PathProbe.script.split(separator: "\n").filter { $0.hasPrefix("use ") }
        #expect(modules.allSatisfy { ["use strict;", "use warnings;", "use Socket qw(:all);"].contains($0) })
    }
}
