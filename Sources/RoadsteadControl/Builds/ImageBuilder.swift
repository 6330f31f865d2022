import DockerAPI
import DockerClient
import NIOPosix
import RoadsteadBasics
import RoadsteadCompose

/// Makes the images of a stack's services that say how, by the engine's own builder, and pushes them where they are named.
public struct ImageBuilder: Sendable {
    private let engine: EngineClient
    private let logins: [String: RegistryAuth]

    /// - Parameter logins: by registry host.
    public init(engine: EngineClient, logins: [String: RegistryAuth]) {
        self.engine = engine
        self.logins = logins
    }

    /// Builds and pushes one image after the other; services of one image have it built once. `report` gets lines of output.
    ///
    /// Throws invalidInput when a context cannot be read; a build that fails and the engine's and the registry's refusals
    /// name the image in their context.
    public func build(_ stack: DesiredStack, report: @Sendable (String) async -> Void) async throws {
        var known: [String: ImageBuild] = [:]
        for service in stack.services {
            guard let build = service.build, let image = service.spec.taskTemplate.containerSpec?.image else {
                continue
            }
            if let other = known.updateValue(build, forKey: image) {
                guard other == build else {
                    throw RoadsteadError(
                        .invalidInput,
                        "services of one image, \(image), build it in different ways: name different images")
                }
                continue
            }
            try await make(image, build, report)
        }
    }

    private func make(_ image: String, _ build: ImageBuild, _ report: @Sendable (String) async -> Void) async throws {
        await report("building \(image)")
        var request = ImageBuildRequest(tags: [image] + build.tags)
        request.arguments = build.arguments
        request.labels = build.labels
        request.cacheFrom = build.cacheFrom
        request.extraHosts = build.extraHosts
        request.network = build.network
        request.target = build.target
        request.platform = build.platform
        (request.pullsBase, request.avoidsCache) = (build.pullsBase, build.avoidsCache)
        request.shmSize = build.shmSize
        try await run(build, request, report)
        for tag in request.tags { try await push(tag, report) }
    }

    private func run(
        _ build: ImageBuild, _ request: ImageBuildRequest, _ report: @Sendable (String) async -> Void
    ) async throws {
        var request = request
        var source: AnyByteSource?
        if build.isRemote {
            request.remote = build.context
            request.dockerfile = build.dockerfile
        } else {
            let context = try await NIOThreadPool.singleton.runIfActive {
                try BuildContext.scan(
                    build.context, dockerfile: build.dockerfile, inlineDockerfile: build.inlineDockerfile)
            }
            request.dockerfile = context.dockerfile
            source = AnyByteSource(context)
        }
        let image = request.tags[0]
        do {
            for try await line in try await engine.buildProgress(source, request, auths: logins) {
                if let failure = line.errorDetail?.message ?? line.error {
                    throw RoadsteadError(
                        .invalidInput, "the build of \(image) failed: \(failure)", context: ["image": image])
                }
                let text = (line.stream ?? "").split(whereSeparator: \.isNewline)
                for row in text where row.contains(where: { !$0.isWhitespace }) { await report(String(row)) }
            }
            try Task.checkCancellation()
        } catch let error as EngineError { throw Self.refusal(error, "build", image) }
    }

    private func push(_ image: String, _ report: @Sendable (String) async -> Void) async throws {
        await report("pushing \(image)")
        let registry = ImageReference(image)?.registry ?? ""
        let auth = logins[registry] ?? RegistryAuth()
        do { try await engine.push(image, auth: auth) } catch { throw Self.refusal(error, "push", image) }
    }

    private static func refusal(_ error: EngineError, _ doing: String, _ image: String) -> RoadsteadError {
        var error = RoadsteadError(error, doing: "\(doing) \(image)")
        if error.code != .cancelled { error.context["image"] = image }
        return error
    }
}
