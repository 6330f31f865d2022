import RoadsteadBasics

/// The access control list of a resource: its owners, and who else may do what.
///
/// Read from and written to the document's `acl` map.
public struct AccessList: Sendable, Hashable {
    public var owners: [String]
    public var grants: [AccessRight: Set<String>]

    public init(owners: [String], grants: [AccessRight: Set<String>] = [:]) {
        self.owners = owners
        self.grants = grants
    }

    /// Throws `invalidInput` when owners are missing, a key is unknown, or a principal is ill-formed.
    public init(json: JSONValue) throws(RoadsteadError) {
        guard let object = json.objectValue else { throw RoadsteadError(.invalidInput, "acl must be a map") }
        self.init(owners: try Self.principals(of: "owners", object["owners"] ?? .null))
        guard !owners.isEmpty else {
            throw RoadsteadError(.invalidInput, "acl.owners must name at least one principal")
        }
        for (key, value) in object where key != "owners" {
            guard let right = AccessRight(rawValue: key) else {
                let known = (["owners"] + AccessRight.allCases.map(\.rawValue)).joined(separator: ", ")
                throw RoadsteadError(.invalidInput, "acl.\(key) is not a right; the rights are \(known)")
            }
            grants[right] = Set(try Self.principals(of: key, value))
        }
    }

    private static func principals(of key: String, _ value: JSONValue) throws(RoadsteadError) -> [String] {
        guard let elements = value.arrayValue else {
            throw RoadsteadError(.invalidInput, "acl.\(key) must be an array of principals such as group/ops")
        }
        var seen: [String] = []
        for element in elements {
            guard let text = element.stringValue, Principal.isWellFormed(text) else {
                throw RoadsteadError(.invalidInput, "acl.\(key) holds \(element.text()), which is not a principal")
            }
            if !seen.contains(text) { seen.append(text) }
        }
        return seen
    }

    /// What is stored: admin may do everything, owners stand in no other list, implied rights are explicit.
    public func normalized() -> AccessList {
        var wanted = grants
        wanted[.editACL, default: []].insert(Principal.admin)
        var result = AccessList(owners: owners)
        for (right, principals) in wanted {
            for implied in right.closure { result.grants[implied, default: []].formUnion(principals) }
        }
        result.grants = result.grants.mapValues { $0.subtracting(owners) }.filter { !$0.value.isEmpty }
        return result
    }

    /// The `acl` map, every list sorted but the owners, whose first is the one that people see as the owner.
    public var json: JSONValue {
        var object: JSONObject = ["owners": JSONValue(owners)]
        for right in AccessRight.allCases {
            if let principals = grants[right], !principals.isEmpty {
                object[right.rawValue] = JSONValue(principals.sorted())
            }
        }
        return .object(object)
    }
}

extension AccessList {
    /// Everything that a bearer of `claims` may do; owners and administrators may do everything.
    public func rights(of claims: Set<String>) -> Set<AccessRight> {
        if claims.contains(Principal.admin) || owners.contains(where: claims.contains) {
            return AccessRight.all
        }
        return grants.reduce(into: []) { rights, grant in
            if !claims.isDisjoint(with: grant.value) { rights.formUnion(grant.key.closure) }
        }
    }

    /// The rights that the document's own list gives. A document without a list is the administrators' alone.
    ///
    /// Reads the list as it is stored, where it was checked when it was written: this stands in the way of every read.
    public static func rights(on document: JSONObject, of claims: Set<String>) -> Set<AccessRight> {
        if claims.contains(Principal.admin) { return AccessRight.all }
        guard let list = document["acl"]?.objectValue else { return [] }
        var rights: Set<AccessRight> = []
        for (key, principals) in list where names(principals, claims) {
            if key == "owners" { return AccessRight.all }
            if let right = AccessRight(rawValue: key), !rights.contains(right) { rights.formUnion(right.closure) }
        }
        return rights
    }

    private static func names(_ principals: JSONValue, _ claims: Set<String>) -> Bool {
        principals.arrayValue?.contains { $0.stringValue.map(claims.contains) ?? false } ?? false
    }

    /// Adds a right for more principals, keeping the rest.
    public func granting(_ right: AccessRight, to principals: String...) -> AccessList {
        var list = self
        list.grants[right, default: []].formUnion(principals)
        return list
    }
}
