import HTTPCalls
import RoadsteadBasics
import Testing

@testable import RoadsteadClouds

@Suite("EC2's answers and values")
struct EC2RulesTests {
    private static let refusals: [(code: String, status: Int, action: String, kind: CloudError.Code)] = [
        ("AuthFailure", 401, "DescribeInstances", .credentialRefused),
        ("SignatureDoesNotMatch", 403, "DescribeInstances", .credentialRefused),
        ("UnauthorizedOperation", 403, "RunInstances", .forbidden),
        ("InvalidInstanceID.NotFound", 400, "StartInstances", .notFound),
        ("InvalidAMIID.NotFound", 400, "RunInstances", .invalidRequest),
        ("InvalidPlacementGroup.Unknown", 400, "RunInstances", .invalidRequest),
        ("InvalidParameterValue", 400, "RunInstances", .invalidRequest),
        ("Unsupported", 400, "RunInstances", .invalidRequest),
        ("InstanceLimitExceeded", 400, "RunInstances", .quotaExceeded),
        ("VcpuLimitExceeded", 400, "RunInstances", .quotaExceeded),
        ("VpcLimitExceeded", 400, "CreateVpc", .quotaExceeded),
        ("InsufficientInstanceCapacity", 500, "RunInstances", .capacityMissing),
        ("RequestLimitExceeded", 503, "RunInstances", .rateLimited),
        ("Throttling", 400, "RunInstances", .rateLimited),
        ("DependencyViolation", 400, "DeleteVpc", .inUse),
        ("InvalidGroup.InUse", 400, "DeleteSecurityGroup", .inUse),
        ("InvalidPlacementGroup.InUse", 400, "DeletePlacementGroup", .inUse),
        ("InternalError", 500, "RunInstances", .unavailable),
        ("Unavailable", 503, "RunInstances", .unavailable),
        ("IncorrectInstanceState", 400, "StartInstances", .unavailable),
        ("UnsupportedOperation", 400, "StopInstances", .unsupported),
        ("SomethingNew", 400, "RunInstances", .invalidRequest),
        ("SomethingNew", 500, "RunInstances", .unavailable),
        ("", 429, "RunInstances", .rateLimited),
        ("", 502, "RunInstances", .outcomeUnknown),
        ("", 502, "DescribeInstances", .unavailable),
        ("", 503, "RunInstances", .unavailable),
    ]

    private static func refusal(_ code: String, _ status: Int, _ action: String, message: String = "words")
        -> EC2Refusal
    {
        let body =
            "<Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors></Response>"
        let headers = [(name: "retry-after", value: "7")]
        let reply = HTTPReply(status: status, headers: headers, body: code.isEmpty ? [] : Array(body.utf8))
        return EC2Refusal(reply, to: EC2Query(action))
    }

    @Test("a code of EC2's becomes one of Roadstead's", arguments: 0..<27)
    func codes(index: Int) {
        let row = Self.refusals[index]
        let error = Self.refusal(row.code, row.status, row.action).error
        #expect(error.code == row.kind && error.retryAfter == .seconds(7), "\(row)")
    }

    @Test("a size that a zone does not have is no room for it there: another zone may have it")
    func sizeOfOtherZones() {
        let message = "Your requested instance type (t3.small) is not supported in your requested Availability Zone"
        #expect(Self.refusal("Unsupported", 400, "RunInstances", message: message).error.code == .capacityMissing)
    }

    @Test("what only Amazon can read of a refusal is not repeated, nor what is no word")
    func words() {
        let encoded = Self.refusal(
            "OperationNotPermittedX", 400, "RunInstances",
            message: "You are not authorized. Encoded authorization failure message: AbCdEf")
        #expect(!encoded.error.message.contains("AbCdEf"))
        #expect(!Self.refusal("rm -rf", 400, "RunInstances").error.message.contains("rm"))
        let image = Self.refusal(
            "AuthFailure", 401, "RunInstances", message: "Not authorized for images: [ami-1]")
        #expect(image.error.code == .forbidden)
    }

    @Test("a query numbers its filters, lists and tags")
    func query() {
        let query = EC2Query("DescribeInstances").having(cluster: "c 1").filter("state", "a", "b").list("Id", ["x"])
            .with("No", nil)
        #expect(
            query.body
                == "Action=DescribeInstances&Filter.1.Name=tag%3Aroadstead-cluster&Filter.1.Value.1=c%201"
                + "&Filter.2.Name=state&Filter.2.Value.1=a&Filter.2.Value.2=b&Id.1=x&Version=2016-11-15")
        #expect(!query.isChange && EC2Query("RunInstances").isMaking && !EC2Query("DeleteVpc").isMaking)
    }

    @Test("a client token has 64 characters, and names of different tags differ")
    func names() {
        let one = CloudTag(cluster: "a", token: "bc", name: "sg-é")
        let two = CloudTag(cluster: "ab", token: "c", name: "sg-é")
        #expect(EC2Labels.clientToken(one).count == 64 && EC2Labels.clientToken(one) != EC2Labels.clientToken(two))
        #expect(EC2Labels.uniqueName(one).hasPrefix("roadstead-sg---"))
        #expect(EC2Labels.uniqueName(one) != EC2Labels.uniqueName(two))
    }

    @Test("a range is cleared behind its prefix and quartered while EC2 takes the quarters")
    func ranges() throws {
        let range = try #require(IPv4Range("10.0.0.77/24"))
        #expect(range.description == "10.0.0.0/24")
        #expect(range.parts.map(\.description) == ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26", "10.0.0.192/26"])
        #expect(IPv4Range("10.0.0.0/27")?.parts.count == 1 && IPv4Range("0.0.0.0/0")?.description == "0.0.0.0/0")
        for text in ["10.0.0.0", "10.0.0/24", "10.0.0.256/24", "10.0.0.0/33", "::/0", ""] {
            #expect(IPv4Range(text) == nil)
        }
    }

    @Test("a plan adds, describes and removes only what differs; foreign permissions go")
    func plan() throws {
        let xml = """
            <item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><ipRanges>
            <item><cidrIp>0.0.0.0/0</cidrIp><description>old</description></item></ipRanges></item>
            """
        let all = "<item><ipProtocol>-1</ipProtocol><groups><item><groupId>sg-2</groupId></item></groups></item>"
        let items = [xml, all].compactMap { XMLElement(Array($0.utf8)) }
        let current = items.flatMap(EC2Permission.read)
        #expect(current.count == 2 && current[1].rule(group: "sg-1") == nil)
        let wanted: [FirewallRule] = [.ssh, .ping, .published, .overlay]
        let plan = EC2PermissionPlan(from: current, to: wanted.map { EC2Permission($0, group: "sg-1") })
        #expect(plan.added.map { $0.rule(group: "sg-1") } == [.ping, .published, .overlay])
        #expect(plan.described.map(\.purpose) == ["ssh"] && plan.removed == [current[1]])
        let sixth = EC2Permission(FirewallRule(.icmp, 0...0, from: .addresses("::/0"), purpose: ""), group: "sg-1")
        #expect(sixth.traffic.transport == "icmpv6" && sixth.rule(group: "sg-1")?.transport == .icmp)
    }

    @Test("host keys are read from the console's last whole block, whatever stands before a line")
    func hostKeys() {
        let key = "AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
        let console = """
            ci-info: ssh-ed25519 \(key)
            [  9.1] cloud-init[5]: -----BEGIN SSH HOST KEY KEYS-----\r
            [  9.1] cloud-init[5]: ssh-ed25519 \(key) root@h\r
            ssh-rsa short root@h
            -----END SSH HOST KEY KEYS-----
            """
        #expect(ConsoleHostKeys.read(console) == ["ssh-ed25519 \(key)"])
        #expect(ConsoleHostKeys.read("-----BEGIN SSH HOST KEY KEYS-----\nssh-ed25519 \(key)") == [])
    }

    @Test("an address is Amazon's for the region, or the endpoint that was given")
    func addresses() throws {
        #expect(try EC2Address(region: "eu-west-1", endpoint: nil).url == "https://ec2.eu-west-1.amazonaws.com")
        #expect(try EC2Address(region: "cn-north-1", endpoint: nil).url == "https://ec2.cn-north-1.amazonaws.com.cn")
        #expect(try EC2Address(region: "x", endpoint: "http://127.0.0.1:80/").host == "127.0.0.1")
        let wrong: [(String, String?)] = [
            ("EU", nil), ("", nil), ("a/b", nil), ("x", "ftp://h"), ("x", "http://u:p@h"),
        ]
        for (region, endpoint) in wrong {
            #expect(throws: CloudError.self) { _ = try EC2Address(region: region, endpoint: endpoint) }
        }
    }

    @Test("what was made is remembered for a while only")
    func recent() {
        let start = Instant(millisecondsSinceEpoch: 1_795_348_800_000)
        var recent = RecentIDs()
        for number in 0..<100 { recent.add("sg-\(number)", at: start + .seconds(number * 60)) }
        let now = start + .seconds(99 * 60)
        #expect(recent.count == 10)
        #expect(recent.isNamed(in: "The security group 'sg-99' does not exist", at: now))
        #expect(!recent.isNamed(in: "The security group 'sg-89' does not exist", at: now))
        #expect(!recent.isNamed(in: "The security group 'sg-99' does not exist", at: now + RecentIDs.life))
    }
}
