import ArgumentParser

/// `roadstead user`
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Accounts: make, list, suspend and remove them; set passwords.",
        discussion: """
            All but `show` and `password` of your own account is for administrators: \
            `roadstead switch nuvla-admin` first.
            """,
        subcommands: [
            UserAdd.self, UserList.self, UserShow.self, UserRemove.self, UserPassword.self, UserSuspend.self,
            UserResume.self,
        ])
}
