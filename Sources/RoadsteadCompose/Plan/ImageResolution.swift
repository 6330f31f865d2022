import DockerAPI
import RoadsteadBasics

/// What a registry said about an image that a service names by tag.
public enum ImageResolution: Hashable, Sendable {
    /// The content behind the tag at this moment, and where it can run (empty: the registry did not say).
    case resolved(digest: String, platforms: [Platform])
    /// It is not known what is behind the tag, but nodes can have the image all the same (it was built on one).
    case failed(reason: String)
    /// The nodes would fail in the same way: a wrong password, no such image, a registry that does not answer.
    case refused(RoadsteadError.Code, reason: String)
}

/// When a deployment asks the registry for digests (`docker stack deploy --resolve-image`).
public enum ResolveImage: String, Hashable, Sendable, CaseIterable {
    case always
    /// Only for services whose image is not the one that is deployed.
    case changed
    case never
}

extension DesiredStack {
    /// The images that a deployment asks registries for, as the file writes them, each once and sorted.
    ///
    /// Those with a digest are among them: whether the nodes may have them is to be known beforehand.
    public func imagesToResolve(_ mode: ResolveImage, live: LiveStack) -> [String] {
        guard mode != .never else { return [] }
        let images = services.compactMap { service -> String? in
            guard let image = service.spec.image else { return nil }
            let isKept = mode == .changed && service.spec.hasSameImage(as: live.service(named: service.name)?.spec)
            return isKept ? nil : image
        }
        return Set(images).sorted()
    }
}

extension DesiredService {
    /// The name on the Swarm.
    public var name: String { spec.name ?? key }
}

extension ServiceSpec {
    var image: String? { taskTemplate.containerSpec?.image }

    /// Whether `live` was deployed from the same image text and still runs that tag.
    ///
    /// docker compares the label only and so keeps an image that somebody changed by hand. The label says nothing after
    /// `docker service update --image`, which leaves it as it was: then the tags alone count.
    func hasSameImage(as live: ServiceSpec?) -> Bool {
        guard let live, let mine = image.flatMap(ImageReference.init),
            let theirs = live.image.flatMap(ImageReference.init)
        else { return false }
        let said = live.labels?[DesiredStack.imageLabel]
        let isStale = said.flatMap(ImageReference.init)?.hasSameTag(as: theirs) == false
        return (isStale || labels?[DesiredStack.imageLabel] == said) && mine.hasSameTag(as: theirs)
            && (mine.digest == nil || mine.digest == theirs.digest)
    }

    /// The spec with its image as the engine shall get it: pinned when resolved, else kept as deployed when it is the
    /// same tag (a registry that is away must replace no task), else with its tag.
    func settingImage(_ resolution: ImageResolution?, live: ServiceSpec?) -> ServiceSpec {
        guard let reference = image.flatMap(ImageReference.init) else { return self }
        var spec = self
        if reference.digest == nil, case .resolved(let digest, let platforms) = resolution {
            spec.taskTemplate.containerSpec?.image = reference.pinned(to: digest).description
            spec.setPlatforms(platforms)
        } else if let live, hasSameImage(as: live) {
            spec.taskTemplate.containerSpec?.image = live.image
            spec.setPlatforms(live.taskTemplate.placement?.platforms)
        } else {
            spec.taskTemplate.containerSpec?.image = reference.tagged.description
        }
        return spec
    }

    private mutating func setPlatforms(_ platforms: [Platform]?) {
        guard let platforms, !platforms.isEmpty else { return }
        var placement = taskTemplate.placement ?? Placement()
        placement.platforms = platforms
        taskTemplate.placement = placement
    }
}
