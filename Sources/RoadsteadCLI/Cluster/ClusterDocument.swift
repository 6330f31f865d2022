import RoadsteadBasics
import RoadsteadModel

/// The specification that a command line means: a file, flags over it, and the environment where both are silent. Pure.
enum ClusterDocument {
    /// Throws invalidInput when nothing says what the cluster is called, or who makes its machines; conflict when the
    /// environment says it twice.
    static func make(
        name: String?, file: JSONObject? = nil, flags: JSONObject = [:], environment: [String: String] = [:]
    ) throws(RoadsteadError) -> JSONObject {
        var document = merged(file ?? [:], flags)
        document["name"] = name.map(JSONValue.string) ?? document["name"]
        guard document["name"] != nil else {
            throw RoadsteadError(.invalidInput, "the cluster has no name: give NAME, or `name` in the file")
        }
        document["driver"] = .string(try driver(document, environment))
        document["region"] = document["region"] ?? region(document, environment)
        // What is certain comes first, for people who read it.
        return JSONObject(["name", "driver"].compactMap { key in document[key].map { (key, $0) } }).merging(document)
    }

    /// Throws invalidInput with all that is wrong with it.
    static func specification(_ document: JSONObject) throws(RoadsteadError) -> ClusterSpecification {
        try ClusterSpecification(json: .object(document))
    }

    /// Counts are one thing together: a flag for one of them takes the place of those that would contradict it.
    private static func merged(_ file: JSONObject, _ flags: JSONObject) -> JSONObject {
        var document = file
        if flags["nodes"] != nil { (document["managers"], document["workers"]) = (nil, nil) }
        if flags["managers"] != nil || flags["workers"] != nil { document["nodes"] = nil }
        if flags["hosts"] != nil { (document["nodes"], document["workers"]) = (nil, nil) }
        for (key, value) in flags {
            let inner = value.objectValue.flatMap { document[key]?.objectValue?.merging($0) }
            document[key] = inner.map(JSONValue.object) ?? value
        }
        return document
    }

    private static func driver(
        _ document: JSONObject, _ environment: [String: String]
    ) throws(RoadsteadError) -> String {
        if let said = document["driver"] {
            guard let driver = said.stringValue else {
                throw RoadsteadError(.invalidInput, "driver must be a text, such as generic or exoscale")
            }
            return driver
        }
        if document["hosts"] != nil { return ClusterSpecification.generic }
        let accounts = CloudAccount.all(environment)
        guard let account = accounts.first else {
            throw RoadsteadError(
                .invalidInput,
                "nothing says who makes the machines: name hosts that exist by --host ADDRESS, or a cloud by --driver, or "
                    + "set \(CloudAccount.variables)")
        }
        guard accounts.count == 1 else {
            throw RoadsteadError(
                .conflict,
                "the environment has accounts of several clouds: say which one is meant by --driver "
                    + accounts.map(\.driver).joined(separator: " or --driver "))
        }
        return account.driver
    }

    /// That of the cloud's variables; where the file or the flags name zones, these say it.
    private static func region(_ document: JSONObject, _ environment: [String: String]) -> JSONValue? {
        guard document["zones"] == nil, document["credential"] == nil else { return nil }
        let account = CloudAccount.all(environment).first { $0.driver == document["driver"]?.stringValue }
        return account?.region.map(JSONValue.string)
    }
}
