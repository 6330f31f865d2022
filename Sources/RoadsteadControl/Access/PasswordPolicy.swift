import RoadsteadBasics

/// What a password must be like.
public enum PasswordPolicy {
    /// At least 8 characters, among them an upper-case and a lower-case letter, a digit and something else; at most
    /// 1024 bytes, so that nobody makes the server hash a book.
    public static func check(_ password: Redacted<String>) throws(RoadsteadError) {
        let text = password.exposed
        let isStrong =
            text.count >= 8 && text.utf8.count <= 1024 && text.contains(where: \.isUppercase)
            && text.contains(where: \.isLowercase) && text.contains(where: \.isNumber)
            && text.contains { !$0.isLetter && !$0.isNumber }
        guard isStrong else {
            throw RoadsteadError(
                .invalidInput,
                "the password is too weak: it needs at least 8 characters with an upper-case letter, a lower-case "
                    + "letter, a digit and another character")
        }
    }
}
