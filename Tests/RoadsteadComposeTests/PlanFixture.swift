import DockerAPI
import Foundation
import RoadsteadBasics

@testable import RoadsteadCompose

/// A stack `shop` as a file gives it and as an engine gives it back, for tests of plans.
enum PlanFixture {
    static let digest = "sha256:" + String(repeating: "a", count: 64)
    static let otherDigest = "sha256:" + String(repeating: "b", count: 64)
    static let labels = [DesiredStack.namespaceLabel: "shop"]

    static func desired(image: String = "nginx:1.25", change: (inout ServiceSpec) -> Void = { _ in }) -> DesiredStack {
        var container = ContainerSpec(image: image)
        container.labels = labels
        container.env = ["MODE=fast", "A=1"]
        container.privileges = Privileges()
        container.mounts = [
            Mount(type: "volume", source: "shop_data", target: "/data", volumeOptions: VolumeOptions(labels: labels)),
            Mount(type: "tmpfs", target: "/cache", readOnly: false),
        ]
        container.configs = [
            ConfigReference(
                file: FileTarget(name: "/page", uid: "0", gid: "0", mode: 0o444), configName: "shop_page")
        ]
        container.secrets = [
            SecretReference(
                file: FileTarget(name: "token", uid: "0", gid: "0", mode: 0o444), secretName: "shop_token")
        ]
        var spec = ServiceSpec(
            name: "shop_web", labels: labels.merging([DesiredStack.imageLabel: image]) { first, _ in first },
            taskTemplate: TaskSpec(
                containerSpec: container, resources: ResourceRequirements(), placement: Placement(),
                networks: [
                    NetworkAttachmentConfig(target: "shop_front", aliases: ["web"]),
                    NetworkAttachmentConfig(target: "shop_back", aliases: ["web"]),
                ]),
            mode: .replicated(nil),
            updateConfig: UpdateConfig(parallelism: 2, delay: 1_000_000_000),
            endpointSpec: EndpointSpec(ports: [PortConfig(targetPort: 80, publishedPort: 8080)]))
        change(&spec)
        var front = NetworkCreate(name: "shop_front", driver: "overlay")
        front.labels = labels
        var back = NetworkCreate(name: "shop_back", driver: "overlay")
        back.labels = labels
        return DesiredStack(
            name: "shop", services: [DesiredService(key: "web", spec: spec)], networks: [back, front],
            configs: [FileSpec(name: "shop_page", labels: labels, data: Data("hello".utf8))],
            secrets: [FileSpec(name: "shop_token", labels: labels, data: Data("hush".utf8))])
    }

    /// With the defaults and the orders of an Engine 20.10.
    static func live(change: (inout Service) -> Void = { _ in }) -> LiveStack {
        var spec = desired().services[0].spec
        spec.mode = .replicated(1)
        spec.updateConfig = UpdateConfig(
            parallelism: 2, delay: 1_000_000_000, failureAction: "pause", maxFailureRatio: 0, order: "stop-first")
        spec.endpointSpec = EndpointSpec(
            mode: "vip",
            ports: [PortConfig(protocol: "tcp", targetPort: 80, publishedPort: 8080, publishMode: "ingress")])
        spec.taskTemplate.networks = [
            NetworkAttachmentConfig(target: "nb", aliases: ["web"]),
            NetworkAttachmentConfig(target: "nf", aliases: ["web"]),
        ]
        spec.taskTemplate.forceUpdate = 3
        spec.taskTemplate.runtime = "container"
        spec.taskTemplate.resources = ResourceRequirements(limits: ResourceAmounts(), reservations: ResourceAmounts())
        spec.taskTemplate.containerSpec?.image = "nginx:1.25@" + digest
        spec.taskTemplate.placement = Placement(platforms: [Platform(architecture: "amd64", os: "linux")])
        spec.taskTemplate.containerSpec?.isolation = "default"
        spec.taskTemplate.containerSpec?.dnsConfig = DNSConfig()
        spec.taskTemplate.containerSpec?.env = ["A=1", "MODE=fast"]
        spec.taskTemplate.containerSpec?.mounts?.reverse()
        spec.taskTemplate.containerSpec?.privileges = Privileges(credentialSpec: nil)
        spec.taskTemplate.containerSpec?.configs?[0].configID = "c1"
        spec.taskTemplate.containerSpec?.secrets?[0].secretID = "s1"
        var service = Service(id: "w1", version: ObjectVersion(index: 7), spec: spec)
        change(&service)
        return LiveStack(
            services: [service], networks: [network("nb", "shop_back"), network("nf", "shop_front")],
            configs: [
                SwarmConfig(
                    id: "c1", version: ObjectVersion(index: 2),
                    spec: FileSpec(name: "shop_page", labels: labels, data: Data("hello".utf8)))
            ],
            secrets: [
                SwarmSecret(
                    id: "s1", version: ObjectVersion(index: 3), spec: FileSpec(name: "shop_token", labels: labels))
            ])
    }

    static func network(_ id: String, _ name: String, labels: [String: String]? = labels) -> Network {
        var network = Network(id: id, name: name)
        network.driver = "overlay"
        network.scope = "swarm"
        network.labels = labels
        network.options = ["com.docker.network.driver.overlay.vxlanid_list": "4097"]
        return network
    }
}
