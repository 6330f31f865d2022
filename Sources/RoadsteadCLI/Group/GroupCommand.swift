import ArgumentParser

/// `roadstead group`
struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Groups of users, who act together after `roadstead switch`.",
        subcommands: [
            GroupAdd.self, GroupList.self, GroupShow.self, GroupRemove.self, GroupAddMember.self,
            GroupRemoveMember.self, GroupAddSubgroup.self,
        ])
}
