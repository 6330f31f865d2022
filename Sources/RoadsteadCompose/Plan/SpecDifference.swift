import Foundation
import RoadsteadBasics

/// Finds the fields in which two values of one wire type differ, by their JSON.
enum SpecDifference {
    static func changes<Value: Encodable>(from live: Value, to desired: Value) throws -> [FieldChange] {
        var walk = Walk()
        walk.compare(try json(live), try json(desired), path: [])
        return walk.changes
    }

    private static func json(_ value: some Encodable) throws -> JSONValue {
        try JSONValue.parse([UInt8](try JSONEncoder().encode(value)))
    }

    /// By which member an element of a list is known. Lists that are not named here are compared as a whole.
    private static let identities: [String: [String]] = [
        "Mounts": ["Target"], "Networks": ["Target"], "Ulimits": ["Name"],
        "Ports": ["PublishMode", "Protocol", "TargetPort", "PublishedPort"],
    ]

    private struct Walk {
        var changes: [FieldChange] = []

        mutating func compare(_ live: JSONValue?, _ desired: JSONValue?, path: [String]) {
            guard live != desired else { return }
            if isObjectOrAbsent(live), isObjectOrAbsent(desired) {
                compareMembers(live?.objectValue, desired?.objectValue, path: path)
            } else if let list = path.last, let left = keyed(live, list), let right = keyed(desired, list) {
                compareMembers(left, right, path: path, elements: true)
            } else {
                changes.append(change(path: path, from: live, to: desired))
            }
        }

        private func isObjectOrAbsent(_ value: JSONValue?) -> Bool { value == nil || value?.objectValue != nil }

        /// - Parameter elements: the members are elements of a list, which come and go as a whole.
        private mutating func compareMembers(
            _ live: JSONObject?, _ desired: JSONObject?, path: [String], elements: Bool = false
        ) {
            let keys = Set(live?.keys ?? []).union(desired?.keys ?? []).sorted()
            for key in keys {
                let (from, to) = (live?[key], desired?[key])
                guard from != to else { continue }
                if SpecDifference.isHidden(path) || elements && (from == nil || to == nil) {
                    changes.append(change(path: path + [key], from: from, to: to))
                } else {
                    compare(from, to, path: path + [key])
                }
            }
        }

        private func change(path: [String], from: JSONValue?, to: JSONValue?) -> FieldChange {
            let isHidden = SpecDifference.isHidden(path) || SpecDifference.isHidden(Array(path.dropLast()))
            return FieldChange(
                path: path.joined(separator: "."),
                from: from.map { isHidden ? "(hidden)" : SpecDifference.shown($0, at: path) },
                to: to.map { isHidden ? "(hidden, changed)" : SpecDifference.shown($0, at: path) })
        }

        /// The list as an object, each element under its identity; nil when that is not possible.
        private func keyed(_ value: JSONValue?, _ list: String) -> JSONObject? {
            guard let value else { return JSONObject() }
            guard let elements = value.arrayValue else { return nil }
            var object = JSONObject()
            for element in elements {
                guard let key = SpecDifference.identity(element, in: list), object[key.name] == nil else { return nil }
                object[key.name] = key.value
            }
            return object
        }
    }

    private static func identity(_ element: JSONValue, in list: String) -> (name: String, value: JSONValue)? {
        if list == "Env", let text = element.stringValue {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? .string(String(parts[1])) : "")
        }
        if list == "Configs" || list == "Secrets" { return fileIdentity(element) }
        guard let members = identities[list] else { return nil }
        let texts = members.compactMap { member -> String? in
            let found = member.split(separator: ".").reduce(Optional(element)) { $0?[String($1)] }
            return found.map { $0.stringValue ?? $0.text() }
        }
        return texts.isEmpty ? nil : (texts.joined(separator: "/"), element)
    }

    /// A config or secret is known by its place in the container: another content under the same place is a change.
    private static func fileIdentity(_ element: JSONValue) -> (name: String, value: JSONValue)? {
        let name = element["File"]?["Name"] ?? element["ConfigName"] ?? element["SecretName"]
        return name?.stringValue.map { ($0, element) }
    }

    /// A value that is shown whole, such as a mount that came, without what is not for showing within it.
    private static func shown(_ value: JSONValue, at path: [String]) -> JSONValue {
        if let elements = value.arrayValue { return .array(elements.map { shown($0, at: path) }) }
        guard let object = value.objectValue else { return value }
        return .object(
            JSONObject(
                object.members.map { member in
                    let inner = path + [member.key]
                    return (member.key, isHidden(inner) ? "(hidden)" : shown(member.value, at: inner))
                }))
    }

    /// Values at and below these are not for showing.
    private static func isHidden(_ path: [String]) -> Bool {
        path.last == "Env" || path.suffix(2) == ["LogDriver", "Options"]
            || path.suffix(2) == ["DriverConfig", "Options"]
    }
}
