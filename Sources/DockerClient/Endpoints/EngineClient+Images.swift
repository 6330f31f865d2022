import DockerAPI
import Foundation
import NIOCore
import NIOHTTP1

/// Progress of a pull or push. A failure is the last element (`errorDetail`), not an error of the stream.
public typealias ImageProgressStream = JSONLineStream<ImageProgress>

extension EngineClient {
    /// `GET /distribution/{name}/json`: asks the image's registry, through the engine, for digest and platforms.
    ///
    /// Status 401 or 403: the registry refuses (also what many registries say of images that do not exist).
    public func distribution(
        _ image: String, auth: RegistryAuth? = nil
    ) async throws(EngineError) -> DistributionInspect {
        try await get("/distribution/\(name: image)/json", headers: try headers(auth))
    }

    /// `GET /images/json` of this engine. Filters: `dangling`, `label`, `reference`, …
    public func images(_ filters: EngineFilters = [:]) async throws(EngineError) -> [ImageSummary] {
        try await get("/images/json", ["filters": filterText(filters)])
    }

    /// `GET /images/{name}/json` of this engine.
    public func image(_ name: String) async throws(EngineError) -> Image { try await get("/images/\(name: name)/json") }

    /// `POST /images/create`: the engine pulls `image` while the stream is read.
    public func pullProgress(
        _ image: String, auth: RegistryAuth? = nil
    ) async throws(EngineError) -> ImageProgressStream {
        let reference = try reference(image)
        let request = EngineRequest(
            method: .POST, path: "/images/create",
            query: ["fromImage": reference.repository, "tag": reference.selector], headers: try headers(auth),
            deadline: transport.options.longDeadline)
        return ImageProgressStream(body: try await open(request))
    }

    /// Pulls `image` and returns when it is there.
    public func pull(_ image: String, auth: RegistryAuth? = nil) async throws(EngineError) {
        try await drain(try await pullProgress(image, auth: auth), "pull of '\(image)'")
    }

    /// `POST /images/{name}/push`: sends a local image to the registry in its name.
    public func push(_ image: String, auth: RegistryAuth) async throws(EngineError) {
        let reference = try reference(image)
        let request = EngineRequest(
            method: .POST, path: "/images/\(name: reference.repository)/push", query: ["tag": reference.selector],
            headers: try headers(auth), deadline: transport.options.longDeadline)
        try await drain(ImageProgressStream(body: try await open(request)), "push of '\(image)'")
    }

    /// `POST /images/create?fromSrc=-`: makes an image of a root file system in a tar.
    ///
    /// `changes` are Dockerfile lines such as `CMD ["sh"]`.
    public func importImage(
        _ tar: AnyByteSource, as image: String, changes: [String] = []
    ) async throws(EngineError) {
        let reference = try reference(image)
        var query: EngineQuery = ["fromSrc": "-", "repo": reference.repository, "tag": reference.selector]
        for change in changes { query.append("changes", change) }
        let request = EngineRequest(
            method: .POST, path: "/images/create", query: query, body: .stream(tar),
            deadline: transport.options.longDeadline)
        try await drain(ImageProgressStream(body: try await open(request)), "import of '\(image)'")
    }

    /// `POST /images/{name}/tag`.
    public func tagImage(_ image: String, as new: String) async throws(EngineError) {
        let reference = try reference(new)
        try await act("/images/\(name: image)/tag", ["repo": reference.repository, "tag": reference.selector])
    }

    /// `DELETE /images/{name}`: the tag, and the image with its last one.
    public func removeImage(_ image: String, force: Bool = false) async throws(EngineError) {
        try await delete("/images/\(name: image)", ["force": force ? "true" : "false"])
    }

    private func reference(_ image: String) throws(EngineError) -> ImageReference {
        guard let reference = ImageReference(image) else {
            throw EngineError(
                .invalidInput,
                "'\(image)' is no image name: write [registry/]name[:tag][@digest], the name in lower case",
                endpoint: transport.endpoint.description)
        }
        return reference
    }

    private func drain(_ stream: ImageProgressStream, _ what: String) async throws(EngineError) {
        for try await line in stream {
            guard line.errorDetail != nil || line.error != nil else { continue }
            let message = line.errorDetail?.message ?? line.error ?? "failed"
            throw EngineError(
                .engine(status: line.errorDetail?.code ?? 500), "\(what): \(message)", endpoint: endpoint.description,
                operation: stream.body.operation)
        }
        // The stream ends in silence when the task is cancelled: half a pull is no pull.
        guard !Task.isCancelled else {
            throw EngineError(.cancelled, "\(what): cancelled", endpoint: endpoint.description)
        }
    }
}
