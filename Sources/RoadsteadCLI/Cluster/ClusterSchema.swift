import ArgumentParser
import RoadsteadBasics
import RoadsteadModel

/// `roadstead cluster schema`
struct ClusterSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON schema of cluster.yaml, for editors; needs no server.",
        discussion: """
              roadstead cluster schema > cluster.schema.json
            and in the first line of cluster.yaml:
              # yaml-language-server: $schema=cluster.schema.json
            """)

    func run() { Console.standard.write(JSONValue.object(ClusterSpecification.schema).text(.pretty)) }
}
