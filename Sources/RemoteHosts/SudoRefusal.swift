/// Tells from what sudo wrote why it did not let the user (sudo 1.9, plugins/sudoers).
enum SudoRefusal {
    static func error(_ result: RemoteResult, user: String, host: String) -> RemoteHostError {
        RemoteHostError(.sudoRefused, sentence(result.errorText, user: user) + ", or log in as root", host: host)
    }

    static func sentence(_ text: String, user: String) -> String {
        if text.contains("password is required") || text.contains("terminal is required") {
            "sudo asks user '\(user)' for a password: let it run without one (NOPASSWD)"
        } else if text.contains("not found") {
            "user '\(user)' is not root and there is no sudo: install it"
        } else if text.contains("not in the sudoers") || text.contains("not allowed") || text.contains("may not run") {
            "sudo does not let user '\(user)' become root: allow it"
        } else {
            "sudo does not work for user '\(user)': look at it on the host"
        }
    }
}
