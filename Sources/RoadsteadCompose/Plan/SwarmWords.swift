/// Words that the plan and the translation of the engine's errors share.
public enum SwarmWords {
    public static func immutableFile(kind: String, name: String, what: String) -> String {
        "\(kind) \(name) exists with other content: a Swarm cannot change \(what) (only updates to Labels are "
            + "allowed); give the new content a new name (name: in the file's \(kind)s), or remove the old \(kind) "
            + "when nothing uses it"
    }
}
