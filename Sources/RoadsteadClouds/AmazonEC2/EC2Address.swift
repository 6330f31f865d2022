/// Where EC2's API of a region answers.
struct EC2Address: Sendable, Hashable {
    /// Scheme, host and port.
    let url: String
    /// As the `Host` header has it.
    let host: String
    let region: String

    /// Throws `invalidRequest` for what is no region or no endpoint.
    init(region: String, endpoint: String?) throws(CloudError) {
        guard CloudEndpoint.isPlace(region) else {
            throw CloudError(.invalidRequest, "'\(region)' is no region, as in eu-west-1")
        }
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        guard let found = CloudEndpoint(endpoint ?? "https://ec2.\(region).\(domain)"), found.path.isEmpty else {
            throw CloudError(.invalidRequest, "the endpoint is none of EC2's, as in https://ec2.example.org")
        }
        (url, host) = (found.url, found.host)
        self.region = region
    }
}
