import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

/// What an engine told about an image that it asked the registry for, and what that means for a deployment.
///
/// The engine has no codes for it, only the registry's words (moby's and distribution's).
struct RegistryAnswer {
    let image: String
    let auth: RegistryAuth?
    let error: EngineError

    private var registry: String { ImageReference(image)?.registry ?? image }
    private var text: String { error.message.lowercased() }

    /// The registry did not accept user and password; a missing image is often called "denied" and does not count.
    var isRefusedLogin: Bool {
        auth != nil
            && says("unauthorized", "incorrect username or password", "authentication required", "invalid username")
    }

    /// A failure of the whole deployment: the password is wrong for everything else, too.
    var refusedLogin: RoadsteadError {
        let user = auth?.username.map { " of user \($0)" } ?? ""
        return RoadsteadError(
            .forbidden,
            "registry \(registry) refuses the credential\(user) for image \(image): \(error.words); "
                + "check user and password (or token) of the registry's credential",
            context: ["image": image])
    }

    /// Why nodes could not pull it either.
    var refusal: ImageResolution {
        if auth == nil, says("no basic auth credentials", "unauthorized", "authentication required") {
            return .refused(
                .forbidden,
                reason: "registry \(registry) wants a login: \(error.words); give the credential of that registry "
                    + "(docker login \(registry), or a credential of an infrastructure service of type registry)")
        }
        if error.status == 404 || says("manifest unknown", "name unknown", "not found", "denied", "unauthorized") {
            return .refused(
                .notFound,
                reason: "registry \(registry) does not have it, or not for this login: \(error.words); check name and "
                    + "tag of the image")
        }
        return .refused(
            .unavailable,
            reason: "registry \(registry) cannot be asked: \(error.words); try again when it answers, or deploy "
                + "without asking (--resolve-image never)")
    }

    private func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
}
