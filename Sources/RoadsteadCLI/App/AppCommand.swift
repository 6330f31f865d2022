import ArgumentParser

/// `roadstead app`
struct AppCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app", abstract: "Applications: Compose files kept at the server, with a version for each change.",
        subcommands: [
            AppAdd.self, AppList.self, AppShow.self, AppVersions.self, AppValidate.self, AppPublish.self,
            AppUnpublish.self, AppRemove.self,
        ])
}
