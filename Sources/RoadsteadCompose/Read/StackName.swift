/// Rules for the name of a stack.
public enum StackName {
    /// What is wrong with the name, or nil. Names of services on the Swarm begin with it, so it must be a DNS name
    /// component: letters, digits, `-` and `_`, not at the ends.
    public static func problem(_ name: String) -> String? {
        let isBounded = [name.utf8.first, name.utf8.last].allSatisfy { $0.map(isAlphanumeric) ?? false }
        guard isBounded,
            name.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") })
        else {
            return
                "invalid stack name: '\(name)': use letters, digits, '-' and '_', with a letter or digit at both ends"
        }
        guard name.utf8.count <= 62 else { return "invalid stack name: '\(name)': it is longer than 62 characters" }
        return nil
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
