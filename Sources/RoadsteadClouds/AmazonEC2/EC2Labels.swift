import HTTPCalls

/// How a `CloudTag` stands at EC2: three labels, and names made of it where EC2 wants a unique one.
enum EC2Labels {
    static func all(_ tag: CloudTag) -> [(name: String, value: String)] {
        [(CloudTag.clusterLabel, tag.cluster), (CloudTag.tokenLabel, tag.token), ("Name", tag.name)]
    }

    /// From an answer's `tagSet`; nil without both of ours.
    static func tag(_ element: XMLElement) -> CloudTag? {
        guard let cluster = value(CloudTag.clusterLabel, element), let token = value(CloudTag.tokenLabel, element)
        else { return nil }
        return CloudTag(cluster: cluster, token: token, name: value("Name", element) ?? "")
    }

    static func value(_ name: String, _ element: XMLElement) -> String? {
        element["tagSet"]?.all("item").first { $0.text("key") == name }?.text("value")
    }

    /// What EC2 knows two requests for one thing by: at most 64 characters. `attempt`: how many machines of the tag are
    /// terminated already.
    static func clientToken(_ tag: CloudTag, attempt: Int = 0) -> String {
        guard attempt > 0 else { return tag.digest }
        return CloudTag(cluster: tag.cluster, token: "\(tag.token)\u{0}\(attempt)", name: tag.name).digest
    }

    /// Unlike every other tag's, the same for the same tag, and readable: `prod-key-1f0c9a3b5d7e`.
    static func uniqueName(_ tag: CloudTag) -> String {
        let name = plain(tag.name, limit: 200)
        return tag.uniqueName((name.hasPrefix("sg-") ? "roadstead-" : "") + name)
    }

    /// As much of a text as EC2 takes in a description; what it does not take becomes a hyphen.
    static func plain(_ text: String, limit: Int = 255) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(limit).map { isTaken($0) ? $0 : "-" }))
    }

    private static func isTaken(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", " ", ".", "_", "-", ":", "/", "(", ")", "#", ",", "@", "[", "]", "+",
            "=", "&", ";", "{", "}", "!", "$", "*":
            true
        default: false
        }
    }
}
