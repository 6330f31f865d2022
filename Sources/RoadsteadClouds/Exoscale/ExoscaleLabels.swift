import Foundation
import HTTPCalls
import RoadsteadBasics

/// How a `CloudTag` stands at Exoscale: in labels where things have them, in the description of groups, and in the name
/// of SSH keys, which have nothing else.
enum ExoscaleLabels {
    static func labels(_ tag: CloudTag) -> JSONValue {
        [CloudTag.clusterLabel: .string(tag.cluster), CloudTag.tokenLabel: .string(tag.token)]
    }

    /// Of an instance or private network; nil without both labels.
    static func tag(labelsOf item: JSONValue) -> CloudTag? {
        guard let labels = item["labels"], let cluster = labels[CloudTag.clusterLabel]?.stringValue,
            let token = labels[CloudTag.tokenLabel]?.stringValue
        else { return nil }
        return CloudTag(cluster: cluster, token: token, name: item["name"]?.stringValue ?? "")
    }

    /// `prod (roadstead-cluster=8c0d… roadstead-token=firewall)`. Throws `invalidRequest` when it is too long.
    static func description(_ tag: CloudTag) throws(CloudError) -> String {
        let (cluster, token) = (URIEncoding.encode(tag.cluster), URIEncoding.encode(tag.token))
        let text = "\(tag.name) (\(CloudTag.clusterLabel)=\(cluster) \(CloudTag.tokenLabel)=\(token))"
        return try checked(text, tag)
    }

    /// Of a security or anti-affinity group; nil when the description is none of ours.
    static func tag(descriptionOf item: JSONValue) -> CloudTag? {
        guard let text = item["description"]?.stringValue, text.hasSuffix(")"),
            let open = text.range(of: " (\(CloudTag.clusterLabel)=", options: .backwards)
        else { return nil }
        let parts = text[open.upperBound...].dropLast().split(separator: " \(CloudTag.tokenLabel)=")
        guard parts.count == 2, let cluster = parts[0].removingPercentEncoding,
            let token = parts[1].removingPercentEncoding
        else { return nil }
        return CloudTag(cluster: cluster, token: token, name: String(text[..<open.lowerBound]))
    }

    /// `roadstead.8c0d….key.prod`. Throws `invalidRequest` when it is too long.
    static func keyName(_ tag: CloudTag) throws(CloudError) -> String {
        try checked("roadstead." + [tag.cluster, tag.token, tag.name].map(escaped).joined(separator: "."), tag)
    }

    /// nil when the name is none of ours.
    static func tag(keyName: String) -> CloudTag? {
        let parts = keyName.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "roadstead" else { return nil }
        let words = parts.dropFirst().compactMap { $0.replacing("_", with: "%").removingPercentEncoding }
        return words.count == 3 ? CloudTag(cluster: words[0], token: words[1], name: words[2]) : nil
    }

    /// Names of keys are letters, digits, dots, hyphens and underscores: the underscore stands for a percent sign.
    private static func escaped(_ text: String) -> String {
        URIEncoding.encode(text).replacing("_", with: "%5F").replacing(".", with: "%2E").replacing("~", with: "%7E")
            .replacing("%", with: "_")
    }

    private static func checked(_ text: String, _ tag: CloudTag) throws(CloudError) -> String {
        guard text.unicodeScalars.count <= 255 else {
            throw CloudError(
                .invalidRequest,
                "the name '\(tag.name)' is too long: Exoscale has 255 characters for it, its cluster and its step")
        }
        return text
    }
}
