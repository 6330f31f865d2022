import RoadsteadBasics

/// An account at a cloud, as the variables of the cloud's own tools (and of the script that Roadstead replaces) tell it.
struct CloudAccount: Sendable, Equatable {
    var driver: String
    /// The public half, and the attribute of a credential that holds it.
    var key: String
    var keyAttribute: String
    /// The attributes that are sealed.
    var secrets: [String: Redacted<String>]
    var region: String?
    /// The variable that holds the public half.
    var variable: String
    /// Whether its keys end by themselves after some hours.
    var isTemporary = false

    /// Which variables are read, for messages.
    static let variables =
        "EXOSCALE_API_KEY and EXOSCALE_API_SECRET, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

    var subtype: String { "infrastructure-service-" + driver }

    /// All accounts of which both halves are there.
    static func all(_ environment: [String: String]) -> [CloudAccount] {
        func value(_ names: String...) -> String? { names.compactMap { environment[$0] }.first { !$0.isEmpty } }
        var accounts: [CloudAccount] = []
        if let key = value("EXOSCALE_API_KEY"), let secret = value("EXOSCALE_API_SECRET") {
            accounts.append(
                CloudAccount(
                    driver: "exoscale", key: key, keyAttribute: "exoscale-api-key",
                    secrets: ["exoscale-api-secret-key": Redacted(secret)], region: value("EXOSCALE_REGION"),
                    variable: "EXOSCALE_API_KEY"))
        }
        if let key = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") {
            var secrets = ["amazonec2-secret-key": Redacted(secret)]
            secrets["amazonec2-session-token"] = value("AWS_SESSION_TOKEN").map { Redacted($0) }
            accounts.append(
                CloudAccount(
                    driver: "amazonec2", key: key, keyAttribute: "amazonec2-access-key", secrets: secrets,
                    region: value("AWS_REGION", "AWS_DEFAULT_REGION"), variable: "AWS_ACCESS_KEY_ID",
                    isTemporary: secrets.count > 1))
        }
        return accounts
    }

    /// Throws invalidInput that names the variables when the driver's account is not among them.
    static func get(_ driver: String, _ environment: [String: String]) throws(RoadsteadError) -> CloudAccount {
        if let account = all(environment).first(where: { $0.driver == driver }) { return account }
        throw RoadsteadError(.invalidInput, "\(driver) is asked with a key: set \(variables)")
    }

    /// What a credential of it is made from.
    var template: JSONObject {
        var template: JSONObject = [
            "href": .string("credential-template/" + subtype), keyAttribute: .string(key),
        ]
        for (name, secret) in secrets { template[name] = .string(secret.exposed) }
        return template
    }
}
