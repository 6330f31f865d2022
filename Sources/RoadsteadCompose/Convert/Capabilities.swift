/// Kernel capabilities as docker normalises them.
enum Capabilities {
    /// In capitals with `CAP_` in front, without duplicates, sorted. `ALL` stands for all others of its list; what is
    /// added is not dropped.
    static func effective(add: [String], drop: [String]) -> (add: [String]?, drop: [String]?) {
        let added = collapsed(add)
        let dropped = collapsed(drop).subtracting(added)
        return (list(added), list(dropped))
    }

    private static func collapsed(_ names: [String]) -> Set<String> {
        let normalized = Set(names.map(normalized))
        return normalized.contains("ALL") ? ["ALL"] : normalized
    }

    private static func list(_ names: Set<String>) -> [String]? { names.subtracting(["RESET"]).sorted().nonEmpty }

    private static func normalized(_ name: String) -> String {
        let capitals = name.split(whereSeparator: \.isWhitespace).joined(separator: " ").uppercased()
        return capitals == "ALL" || capitals == "RESET" || capitals.hasPrefix("CAP_") ? capitals : "CAP_" + capitals
    }
}
