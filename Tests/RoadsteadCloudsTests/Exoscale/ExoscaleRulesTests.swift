import Foundation
import HTTPCalls
import RoadsteadBasics
import Testing

@testable import RoadsteadClouds

@Suite("Exoscale's answers and values")
struct ExoscaleRulesTests {
    private static let statuses: [(status: Int, message: String?, call: ExoscaleCall, kind: CloudError.Code)] = [
        (400, "Invalid template", making, .invalidRequest), (400, "Quota exceeded", making, .quotaExceeded),
        (400, "Bad", reading, .invalidRequest), (400, "group is in use", removing, .inUse),
        (401, "Unauthorized", reading, .credentialRefused), (402, "Unpaid", making, .forbidden),
        (403, "Invalid request signature", reading, .credentialRefused),
        (403, "Forbidden by role policy for compute", making, .forbidden), (403, nil, making, .credentialRefused),
        (404, "Not Found", making, .invalidRequest), (404, "Not Found", changing, .notFound),
        (404, "Not Found", removing, .notFound), (409, "busy", changing, .unavailable), (409, "used", removing, .inUse),
        (409, "insufficient capacity", making, .capacityMissing), (412, "state", removing, .inUse),
        (423, "locked", removing, .inUse), (429, "slow down", making, .rateLimited), (429, nil, making, .rateLimited),
        (500, "Internal server error", making, .unavailable), (500, nil, making, .outcomeUnknown),
        (502, nil, making, .outcomeUnknown), (502, nil, reading, .unavailable), (503, nil, making, .unavailable),
        (504, nil, removing, .outcomeUnknown), (302, nil, reading, .unavailable),
    ]
    private static let reasons: [(reason: String, call: ExoscaleCall, kind: CloudError.Code)] = [
        ("busy", removing, .inUse), ("busy", changing, .unavailable), ("conflict", removing, .inUse),
        ("fault", making, .unavailable), ("forbidden", making, .forbidden), ("incorrect", making, .invalidRequest),
        ("interrupted", making, .outcomeUnknown), ("not-found", making, .invalidRequest),
        ("not-found", removing, .notFound), ("partial", making, .outcomeUnknown), ("timeout", making, .outcomeUnknown),
        ("unavailable", making, .unavailable), ("unknown", making, .unavailable),
        ("unsupported", changing, .unsupported), ("something new", making, .unavailable),
    ]
    private static let making = ExoscaleCall.make("create-instance", "/instance", of: "machine 'prod-1'", [:])
    private static let changing = ExoscaleCall.change("stop-instance", "/instance/x:stop", of: "machine 'x'")
    private static let removing = ExoscaleCall.remove("delete-security-group", "/security-group/x", of: "firewall 'x'")
    private static let reading = ExoscaleCall.read("list-instances", "/instance")

    private static func refusal(_ status: Int, _ message: String?, _ call: ExoscaleCall) -> ExoscaleRefusal {
        let body = message.map { JSONValue.object(["message": .string($0)]).serialized() } ?? Array("<html>".utf8)
        return ExoscaleRefusal(
            HTTPReply(status: status, headers: [(name: "retry-after", value: "7")], body: body), to: call)
    }

    @Test("a status of Exoscale's becomes one of Roadstead's codes", arguments: statuses.indices)
    func codesOfStatuses(index: Int) {
        let row = Self.statuses[index]
        let error = Self.refusal(row.status, row.message, row.call).error
        #expect(error.code == row.kind && error.retryAfter == .seconds(7), "\(row.status) \(error)")
    }

    @Test("a reason of an operation's failure becomes one of Roadstead's codes", arguments: reasons.indices)
    func codesOfReasons(index: Int) throws {
        let row = Self.reasons[index]
        let json: JSONValue = ["id": "o", "state": "failure", "reason": .string(row.reason), "message": "words"]
        let operation = try #require(ExoscaleOperation(json))
        #expect(ExoscaleRefusal(operation, of: row.call).error.code == row.kind, "\(row.reason)")
    }

    @Test("an operation that took Exoscale too long has an unknown outcome")
    func timeout() throws {
        let operation = try #require(ExoscaleOperation(["id": "o", "state": "timeout"]))
        #expect(ExoscaleRefusal(operation, of: Self.making).error.code == .outcomeUnknown)
    }

    @Test("a message names the thing, what Exoscale says and what to do; of more than a line, the first")
    func words() {
        let refused = Self.refusal(400, "Invalid disk\nsecond line\u{7}", Self.making).error.message
        #expect(refused == "Exoscale refused create-instance of machine 'prod-1': Invalid disk")
        let forbidden = Self.refusal(403, "Forbidden by role policy for compute", Self.making).error.message
        #expect(forbidden.contains("create-instance of machine 'prod-1'") && forbidden.contains("exoscale.md"))
        #expect(Self.refusal(504, nil, Self.removing).error.message.contains("(status 504)"))
        #expect(Self.refusal(403, "the secret is hush", Self.reading).error.message.contains("hush") == false)
    }

    /// Made by `exoscale_auth.ExoscaleV2Auth("EXOkey", "secret")._sign_request` of Exoscale's Python package.
    @Test("signs as Exoscale's own package does")
    func signature() {
        let signature = ExoscaleSignature(apiKey: "EXOkey", apiSecret: Redacted("secret"))
        let moment = Instant(millisecondsSinceEpoch: 1_795_348_800_000)
        let listing = signature.authorization(
            "GET", path: "/v2/template", query: [("visibility", "public"), ("family", "a b")], body: [], at: moment)
        #expect(listing == Self.signedListing)
        let making = signature.authorization(
            "POST", path: "/v2/ssh-key", body: Array(#"{"name":"é"}"#.utf8), at: moment)
        #expect(making == Self.signedMaking)
    }

    private static let signedListing =
        "EXO2-HMAC-SHA256 credential=EXOkey,signed-query-args=family;visibility,"
        + "expires=1795349400,signature=xV1fczVJWq45JzmzeGdzFwHaunG1dckdTaVkmnWoC7g="
    private static let signedMaking =
        "EXO2-HMAC-SHA256 credential=EXOkey,"
        + "expires=1795349400,signature=wMlxMTiO4nmmcb/AT5aWkM9+a5KLR0BePTy21WAHK+o="

    @Test(
        "names of templates become what people write",
        arguments: [
            ("Linux Debian 12 (Bookworm) 64-bit", "debian-12"), ("Linux Ubuntu 24.04 LTS 64-bit", "ubuntu-24.04"),
            ("Rocky Linux 9 (Blue Onyx) 64-bit", "rocky-9"), ("Windows Server 2022", "windows-server-2022"),
        ])
    func namesOfTemplates(fullName: String, name: String) { #expect(ExoscaleTemplate.short(fullName) == name) }

    @Test("of templates with one name the newest is meant, and none that takes no key")
    func newestTemplate() throws {
        func template(_ id: String, _ day: String, takesKey: Bool = true) -> ExoscaleTemplate? {
            ExoscaleTemplate([
                "id": .string(id), "name": "Linux Debian 12 (Bookworm) 64-bit", "default-user": "debian",
                "created-at": .string(day + "T06:00:00Z"), "ssh-key-enabled": .bool(takesKey),
            ])
        }
        let all = [template("a", "2026-01-10"), template("b", "2026-09-02"), template("c", "2026-03-01")]
        let templates = all.compactMap(\.self)
        #expect(templates.newest("debian-12")?.id == "b" && templates.newest("Debian-12")?.user == "debian")
        #expect(templates.newest("Linux Debian 12 (Bookworm) 64-bit")?.id == "b")
        #expect(templates.newest("debian-1") == nil)
        #expect(template("d", "2026-12-01", takesKey: false) == nil)
    }

    @Test("a size is meant by Roadstead's name, by Exoscale's, and by its id; one that must be asked for is none")
    func sizes() throws {
        func size(_ family: String, isAuthorized: Bool = true) -> ExoscaleSize? {
            ExoscaleSize([
                "id": "1d", "family": .string(family), "size": "small", "cpus": 2, "memory": 2_147_483_648,
                "authorized": .bool(isAuthorized),
            ])
        }
        let (standard, other) = (try #require(size("standard")), try #require(size("memory")))
        #expect(standard.name == "small" && standard.cores == 2 && standard.memory == 2048)
        for text in ["small", "Small", "standard.small", "1d"] { #expect(standard.isMeant(by: text), "\(text)") }
        #expect(other.name == "memory.small" && other.isMeant(by: "memory.small") && !other.isMeant(by: "small"))
        #expect(size("gpu", isAuthorized: false) == nil)
    }

    @Test(
        "a tag comes back as it was, from a description, from a key's name and from labels",
        arguments: [
            CloudTag(cluster: "8c0d-11", token: "m1", name: "prod-1"),
            CloudTag(cluster: "a b=c", token: "x_y.z~1%é) (", name: "my prod (roadstead-cluster=x roadstead-token=y)"),
            CloudTag(cluster: "c", token: "t", name: ""),
        ])
    func tags(tag: CloudTag) throws {
        let description = try ExoscaleLabels.description(tag)
        #expect(ExoscaleLabels.tag(descriptionOf: ["description": .string(description)]) == tag, "\(description)")
        let key = try ExoscaleLabels.keyName(tag)
        #expect(key.wholeMatch(of: /[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}/) != nil, "\(key)")
        #expect(ExoscaleLabels.tag(keyName: key) == tag, "\(key)")
        let item: JSONValue = ["name": .string(tag.name), "labels": ExoscaleLabels.labels(tag)]
        #expect(ExoscaleLabels.tag(labelsOf: item) == tag)
    }

    @Test("what others wrote is no tag", arguments: ["", "web servers", "x (roadstead-cluster=1)", "roadstead.a.b"])
    func strangers(text: String) {
        #expect(ExoscaleLabels.tag(descriptionOf: ["description": .string(text)]) == nil)
        #expect(ExoscaleLabels.tag(keyName: text) == nil)
        #expect(ExoscaleLabels.tag(labelsOf: ["name": .string(text), "labels": ["a": "b"]]) == nil)
    }

    @Test("a tag that does not fit is refused by its name, before anything is made")
    func longTags() {
        let tag = CloudTag(cluster: "c", token: String(repeating: "t", count: 300), name: "prod-1")
        let error = #expect(throws: CloudError.self) { try ExoscaleLabels.keyName(tag) }
        #expect(error?.code == .invalidRequest && error?.message.contains("prod-1") == true)
    }

    @Test("fixed addresses begin behind the router's and end below the DHCP server's quarter")
    func ranges() throws {
        let range = try #require(ExoscaleRange("10.20.0.0/28"))
        #expect(range.mask == "255.255.255.240" && range.dynamic == ("10.20.0.12", "10.20.0.13"))
        #expect(range.firstFree(besides: []) == "10.20.0.2")
        let taken = Set((2...11).map { "10.20.0.\($0)" })
        #expect(range.firstFree(besides: taken.subtracting(["10.20.0.9"])) == "10.20.0.9")
        #expect(range.firstFree(besides: taken) == nil)
        let told: JSONValue = ["start-ip": "10.20.0.12", "netmask": "255.255.255.240"]
        #expect(ExoscaleRange(told) == range)
        #expect(ExoscaleRange("10.0.0.0/29") == nil && ExoscaleRange("10.0.0.0/8") == nil)
    }

    @Test("rules go in before others go out; only a rule in new words leaves first")
    func plan() throws {
        let (old, kept) = (try Self.read("1", .ssh), try Self.read("2", .ping))
        let steps = ExoscaleRulePlan(from: [old, kept], to: [.ping, .overlay]).steps
        #expect(steps == [.add(.overlay), .remove(id: "1")])
        var renamed = FirewallRule.ssh
        renamed.purpose = "ssh for all"
        #expect(ExoscaleRulePlan(from: [old], to: [renamed]).steps == [.remove(id: "1"), .add(renamed)])
        #expect(ExoscaleRulePlan(from: [old, kept], to: [.ping, .ssh]).steps.isEmpty)
        #expect(try ExoscaleRulePlan(from: [old, Self.read("3", .ssh)], to: [.ssh, .ssh]).steps == [.remove(id: "3")])
        var strange = FirewallRule.published
        strange.source = .addresses("2001:DB8::/32")
        var known = strange
        known.source = .addresses("2001:db8::/32")
        #expect(try ExoscaleRulePlan(from: [Self.read("4", known)], to: [strange]).steps.isEmpty)
    }

    /// As Exoscale tells a rule that was made from this one.
    private static func read(_ id: String, _ rule: FirewallRule) throws -> ExoscaleRule {
        var item = ExoscaleRule.body(rule, group: "g")
        item["id"] = .string(id)
        return try #require(ExoscaleRule(.object(item), group: "g"))
    }

    @Test("a rule comes back as it was", arguments: [FirewallRule.ssh, .ping, .overlay, .published])
    func rules(rule: FirewallRule) throws { #expect(try Self.read("1", rule).rule == rule) }

    @Test(
        "what Roadstead has no rule for is known as such, and goes",
        arguments: [
            ["flow-direction": "egress", "protocol": "tcp", "network": "0.0.0.0/0", "start-port": 1, "end-port": 2],
            ["flow-direction": "ingress", "protocol": "gre", "network": "0.0.0.0/0"],
            ["flow-direction": "ingress", "protocol": "icmp", "network": "0.0.0.0/0", "icmp": ["type": 8, "code": 0]],
            ["flow-direction": "ingress", "protocol": "tcp", "security-group": ["id": "x"]],
        ] as [JSONObject])
    func strangeRules(item: JSONObject) throws {
        var item = item
        item["id"] = "9"
        let rule = try #require(ExoscaleRule(.object(item), group: "g"))
        #expect(rule.rule == nil)
        #expect(ExoscaleRulePlan(from: [rule], to: []).steps == [.remove(id: "9")])
    }

    @Test("the zone stands in the endpoint, in small letters", arguments: ["CH-GVA-2", "ch-gva-2"])
    func address(zone: String) throws {
        let address = try ExoscaleAddress(zone: zone)
        #expect(address.endpoint.url == "https://api-ch-gva-2.exoscale.com" && address.endpoint.path == "/v2")
    }

    @Test("what is no zone and what is no endpoint is refused", arguments: ["", "a.b", "x/y", "evil.example.org#"])
    func badAddresses(text: String) {
        #expect(throws: CloudError.self) { try ExoscaleAddress(zone: text) }
        #expect(throws: CloudError.self) { try ExoscaleAddress(zone: "ch-gva-2", template: "ftp://" + text) }
    }

    @Test("the operations that the guide tells people to allow are those that the driver calls")
    func rights() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appending(path: "Sources/RoadsteadClouds/Exoscale")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let sources = try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let verbs = /"((?:list|get|create|delete|register|add|attach|start|stop|reboot)-[a-z-]+)"/
        let called = Set(sources.matches(of: verbs).map { String($0.1) }).subtracting(["start-ip", "start-port"])
        let guide = try String(contentsOf: root.appending(path: "Documentation/exoscale.md"), encoding: .utf8)
        let list = try #require(guide.firstMatch(of: /operation in \[([^\]]+)\]/)).1
        let told = list.matches(of: /'([a-z-]+)'/).map { String($0.1) }
        // The list of zones is asked without the key.
        #expect(Set(told) == called.subtracting(["list-zones"]))
        #expect(told.count == 31)
    }
}
