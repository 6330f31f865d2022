import RoadsteadBasics

/// Names of clusters and of their machines.
public enum ClusterNames {
    static let rule =
        "a name of 1 to 40 small letters, digits and hyphens that begins with a letter and does not end with a hyphen"

    /// Such a name is a valid label of a host name (RFC 1123) with any machine's number behind it.
    static func isName(_ text: String) -> Bool {
        guard (1...40).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last else {
            return false
        }
        return isLetter(first) && last != UInt8(ascii: "-")
            && text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// `prod-3`. The number tells nothing about the role, since roles change.
    public static func machine(_ number: Int, of cluster: String) -> String { "\(cluster)-\(number)" }

    /// 3 of `prod-3`; nil when the name is not one of the cluster's.
    public static func number(of machine: String, in cluster: String) -> Int? {
        guard machine.hasPrefix(cluster + "-") else { return nil }
        let digits = machine.dropFirst(cluster.count + 1)
        guard let number = Int(digits), number > 0, String(number) == digits else { return nil }
        return number
    }

    /// Whether it is an IP address or a host name (RFC 1123).
    static func isAddress(_ text: String) -> Bool {
        if text.contains(":") { return !text.contains("/") && (try? CIDR(text)) != nil }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(isLabel) else { return false }
        // What looks like an IPv4 address must be one.
        let isNumeric = labels.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
        return !isNumeric || (try? CIDR(text)) != nil
    }

    private static func isLabel(_ text: Substring) -> Bool {
        guard (1...63).contains(text.utf8.count), text.first != "-", text.last != "-" else { return false }
        return text.utf8.allSatisfy { byte in
            isLetter(byte | 0x20) && byte > 64 || (48...57).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
}
