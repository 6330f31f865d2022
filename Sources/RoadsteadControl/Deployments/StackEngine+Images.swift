import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

/// What registries have answered about the images of a stack.
struct ImageAnswers: Sendable {
    var resolutions: [String: ImageResolution] = [:]
    /// Images that an account is not used for, as the registry refuses it.
    var loginless: [String] = []

    func note(in options: inout StackOptions, _ desired: inout DesiredStack) {
        for image in loginless.sorted() {
            guard let reference = ImageReference(image) else { continue }
            options.loginless.insert("\(reference.registry)/\(reference.path)")
            let user = options.registryAuths[reference.registry]?.username.map { " \($0)" } ?? ""
            desired.warnings.append(
                "registry \(reference.registry) refuses the account\(user) that others share: \(image) is asked for without a "
                    + "login; add a credential of your own, or choose one in registries-credentials")
        }
    }
}

extension StackEngine {
    /// Asks the registries, through the engine, each image once and all at the same time.
    func resolve(
        _ desired: DesiredStack, live: LiveStack?, _ options: StackOptions
    ) async throws -> ImageAnswers {
        let built = options.asksForBuilt ? [] : desired.services.filter { $0.build != nil }
        let unasked = Set(built.compactMap { $0.spec.taskTemplate.containerSpec?.image })
        let images = desired.imagesToResolve(options.resolveImage, live: live ?? LiveStack())
            .filter { !unasked.contains($0) }
        let found = try await concurrently(images) { image in
            let auth = options.auth(forImage: image)
            let isUnchosen = ImageReference(image).map { options.unchosenAuths.contains($0.registry) } ?? false
            do { return (image, try await resolve(image, auth: auth), false) } catch let error as RoadsteadError {
                guard isUnchosen, auth != nil, error.code == .forbidden else { throw error }
                return (image, try await resolve(image, auth: nil), true)
            }
        }
        return ImageAnswers(
            resolutions: Dictionary(found.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first }),
            loginless: found.filter(\.2).map(\.0))
    }

    private func resolve(_ image: String, auth: RegistryAuth?) async throws -> ImageResolution {
        do {
            let answer = try await client.distribution(image, auth: auth)
            return .resolved(digest: answer.descriptor.digest, platforms: Self.platforms(answer))
        } catch {
            // Without a status it was the engine that did not answer.
            guard error.status != nil else { throw error }
            let answer = RegistryAnswer(image: image, auth: auth, error: error)
            if answer.isRefusedLogin { throw answer.refusedLogin }
            return try await isHomemade(image) ? .failed(reason: error.words) : answer.refusal
        }
    }

    /// Whether this engine has the image, and not from a registry: built or loaded here, it needs none.
    private func isHomemade(_ image: String) async throws(EngineError) -> Bool {
        do { return try await client.image(image).repoDigests?.isEmpty != false } catch {
            guard error.isNotFound else { throw error }
            return false
        }
    }

    /// The architecture of ARM images is left out: nodes report it with a variant that would never match (swarmkit
    /// issue 2294).
    private static func platforms(_ answer: DistributionInspect) -> [Platform] {
        (answer.platforms ?? []).map { platform in
            let architecture = platform.architecture?.lowercased() == "arm" ? "" : platform.architecture
            return Platform(architecture: architecture, os: platform.os)
        }
    }
}
