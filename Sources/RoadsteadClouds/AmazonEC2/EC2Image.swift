import HTTPCalls

/// An operating system that Roadstead knows how to find at EC2: the newest image of its publisher.
struct EC2Image: Sendable, Hashable {
    /// What people write.
    let name: String
    /// The publisher's account.
    let owner: String
    /// What names of its images begin with.
    let prefix: String
    let user: String

    /// Sources: wiki.debian.org/Cloud/AmazonEC2Image, documentation.ubuntu.com/aws ("Find Ubuntu images").
    static let known: [EC2Image] = [
        EC2Image(name: "debian-12", owner: debian, prefix: "debian-12-amd64-", user: "admin"),
        EC2Image(name: "debian-13", owner: debian, prefix: "debian-13-amd64-", user: "admin"),
        EC2Image(
            name: "ubuntu-22.04", owner: canonical,
            prefix: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-", user: "ubuntu"),
        EC2Image(
            name: "ubuntu-24.04", owner: canonical,
            prefix: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-", user: "ubuntu"),
    ]
    private static let debian = "136693071363"
    private static let canonical = "099720109477"

    /// One image of them, as EC2 tells it.
    struct Found: Sendable, Hashable {
        let id: String
        /// The name of the system disk: `/dev/xvda`, `/dev/sda1`.
        let rootDevice: String

        init?(_ item: XMLElement) {
            guard let id = item.text("imageId") else { return nil }
            self.id = id
            rootDevice = item.text("rootDeviceName") ?? "/dev/sda1"
        }
    }
}

/// Roadstead's names of sizes at EC2.
enum EC2Size {
    /// Burstable types; `small` has 2 vCPU and 2 GiB.
    static let names: KeyValuePairs<String, String> = [
        "tiny": "t3.micro", "micro": "t3.micro", "small": "t3.small", "medium": "t3.medium", "large": "t3.large",
        "extra-large": "t3.xlarge", "huge": "t3.2xlarge",
    ]

    /// EC2's own name for what people wrote.
    static func type(_ text: String) -> String { names.first { $0.key == text.lowercased() }?.value ?? text }
}
