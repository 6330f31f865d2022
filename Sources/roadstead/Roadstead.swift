import ArgumentParser

@main struct Roadstead: AsyncParsableCommand {
}
