import Foundation

/// Where EC2's API of a region answers.
struct EC2Address: Sendable, Hashable {
    /// Scheme, host and port.
    let url: String
    /// As the `Host` header has it.
    let host: String
    let region: String

    /// Throws `invalidRequest` for what is no region or no endpoint.
    init(region: String, endpoint: String?) throws(CloudError) {
        let isName =
            (1...40).contains(region.utf8.count)
            && region.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
        guard isName else { throw CloudError(.invalidRequest, "'\(region)' is no region, as in eu-west-1") }
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let text = endpoint ?? "https://ec2.\(region).\(domain)"
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let name = parts.host?.lowercased(), !name.isEmpty,
            parts.user == nil, parts.password == nil, ["", "/"].contains(parts.path), parts.query == nil,
            parts.fragment == nil
        else { throw CloudError(.invalidRequest, "the endpoint is none of EC2's, as in https://ec2.example.org") }
        let port = parts.port.flatMap { $0 == (scheme == "https" ? 443 : 80) ? nil : $0 }
        host = name + (port.map { ":\($0)" } ?? "")
        url = "\(scheme)://\(host)"
        self.region = region
    }
}
