import RoadsteadBasics

/// An API key of an Exoscale organization, and the zone it is used in.
public struct ExoscaleCredential: Sendable, Hashable {
    public var apiKey: String
    public var apiSecret: Redacted<String>
    /// As `ch-gva-2`, in any case.
    public var zone: String

    public init(apiKey: String, apiSecret: Redacted<String>, zone: String) {
        (self.apiKey, self.apiSecret, self.zone) = (apiKey, apiSecret, zone)
    }
}
