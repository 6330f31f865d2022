/// Where Exoscale's API of a zone answers.
struct ExoscaleAddress: Sendable, Hashable {
    let endpoint: CloudEndpoint
    let zone: String

    /// Exoscale's own; `ZONE` stands for the zone's name.
    static let template = "https://api-ZONE.exoscale.com/v2"

    /// Throws `invalidRequest` for what is no zone or no endpoint.
    init(zone: String, template: String = Self.template) throws(CloudError) {
        let zone = zone.lowercased()
        guard CloudEndpoint.isPlace(zone) else {
            throw CloudError(.invalidRequest, "'\(zone)' is no zone of Exoscale's, as in ch-gva-2")
        }
        guard let endpoint = CloudEndpoint(template.replacing("ZONE", with: zone)) else {
            throw CloudError(.invalidRequest, "the endpoint of the driver exoscale is none, as in \(Self.template)")
        }
        (self.endpoint, self.zone) = (endpoint, zone)
    }
}
