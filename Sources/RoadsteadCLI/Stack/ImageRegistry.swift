/// The registry of an image reference.
enum ImageRegistry {
    /// Host and port; `docker.io` when the reference names none. (distribution/reference: the first part is a host when
    /// it has a dot or a colon, or is `localhost`.)
    static func host(of image: String) -> String {
        let parts = image.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].contains(".") || parts[0].contains(":") || parts[0] == "localhost" else {
            return "docker.io"
        }
        return DockerConfigFile.host(String(parts[0]))
    }
}
