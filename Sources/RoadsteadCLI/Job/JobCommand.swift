import ArgumentParser

/// `roadstead job`
struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "What the server is doing and has done.",
        subcommands: [JobList.self, JobShow.self, JobWatchCommand.self, JobCancel.self])
}
