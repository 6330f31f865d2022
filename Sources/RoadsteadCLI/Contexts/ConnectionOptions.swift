import ArgumentParser

/// Which server a command talks to.
struct ConnectionOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The server's address, instead of the current context's.", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("The context to use (see `roadstead login`).", valueName: "name"))
    var context: String?
}
