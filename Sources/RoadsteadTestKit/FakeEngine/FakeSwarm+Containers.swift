import DockerAPI
import Foundation
import RoadsteadBasics
import Synchronization

/// A container that has run its whole command line when it was started.
struct FakeContainer {
    var id: String
    var name: String
    var config: ContainerConfig
    var status = "created"

    var command: FakeCommand { FakeCommand((config.entrypoint ?? []) + (config.cmd ?? [])) }
}

struct FakeExec {
    var id: String
    var create: ExecCreate
    var exitCode: Int?
}

extension FakeSwarm {
    func containers(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        if request.path.hasPrefix("/exec/") { return exec(request, rest) }
        return state.withLock { state in
            if rest.first == "json" {
                return .json(
                    Self.list(state, all: request.query["all"] == "true", volumes: request.filters["volume"]))
            }
            if rest.first == "create" { return create(request, &state) }
            guard let index = state.containers.firstIndex(where: { $0.id == rest.first || $0.name == rest.first })
            else {
                return .error(404, "No such container: \(rest.first ?? "")")
            }
            switch (request.method, rest.last) {
            case ("GET", "json"): return .json(Self.describe(state.containers[index]))
            case ("POST", "start"):
                let isLong = state.containers[index].command.isEndless
                state.containers[index].status = isLong ? "running" : "exited"
                return .empty(204)
            case ("POST", "stop"), ("POST", "kill"):
                state.containers[index].status = "exited"
                return .empty(204)
            case ("POST", "wait"): return .json(ContainerExit(statusCode: state.containers[index].command.exitCode))
            case ("GET", "logs"): return Self.logs(state.containers[index])
            case ("POST", "exec"): return createExec(request, &state)
            case ("POST", "attach"):
                let framed = state.containers[index].config.tty != true
                let command = state.containers[index].command
                return .hijack { try await command.run(on: $0, isFramed: framed) }
            case ("DELETE", _):
                if state.containers[index].status == "running", request.query["force"] != "true" {
                    return .error(
                        409,
                        "You cannot remove a running container. Stop the container before attempting removal or force remove"
                    )
                }
                state.containers.remove(at: index)
                return .empty(204)
            default: return .error(404, "page not found")
            }
        }
    }

    private static func list(_ state: State, all: Bool, volumes: [String]?) -> [ContainerSummary] {
        state.containers.filter { container in
            let mounted = container.config.hostConfig?.mounts?.compactMap(\.source) ?? []
            return (all || container.status == "running") && volumes?.contains(where: mounted.contains) != false
        }.map { container in
            var summary = ContainerSummary(id: container.id)
            (summary.names, summary.image, summary.state) = (
                ["/" + container.name], container.config.image, container.status
            )
            summary.labels = container.config.labels ?? [:]
            return summary
        }
    }

    private static func describe(_ container: FakeContainer) -> Container {
        var (answer, state) = (Container(id: container.id), Container.State())
        (state.status, state.running) = (container.status, container.status == "running")
        state.exitCode = container.status == "exited" ? container.command.exitCode : 0
        (answer.name, answer.config, answer.state) = ("/" + container.name, container.config, state)
        return answer
    }

    private func create(_ request: FakeRequest, _ state: inout State) -> FakeReply {
        guard let config = request.decode(ContainerConfig.self), let image = config.image else {
            return .error(400, "No command specified")
        }
        guard state.images[image] != nil else { return .error(404, "No such image: \(image)") }
        let id = String(format: "%016lx", state.nextIndex()) + String(repeating: "0", count: 48)
        let name = request.query["name"] ?? "fake_\(state.counter)"
        guard !state.containers.contains(where: { $0.name == name }) else {
            return .error(
                409,
                "Conflict. The container name \"/\(name)\" is already in use by container. You have to remove (or rename) that container to be able to reuse that name."
            )
        }
        state.containers.append(FakeContainer(id: id, name: name, config: config))
        return .json(["Id": id], status: 201)
    }

    private static func logs(_ container: FakeContainer) -> FakeReply {
        var bytes: [UInt8] = []
        for line in container.command.output {
            let text = "2026-01-02T03:04:05.123456789Z \(line.text)\n"
            bytes += container.config.tty == true ? Array(text.utf8) : FakeFrame.make(line.stream, text)
        }
        let sent = bytes
        return .stream(
            headers: [],
            AsyncStream { output in
                output.yield(sent)
                output.finish()
            })
    }

    private func createExec(_ request: FakeRequest, _ state: inout State) -> FakeReply {
        guard let create = request.decode(ExecCreate.self), !create.cmd.isEmpty else {
            return .error(400, "No exec command specified")
        }
        let id = state.nextID("exec")
        state.execs[id] = FakeExec(id: id, create: create)
        return .json(["Id": id], status: 201)
    }

    private func exec(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        guard let id = rest.first, let exec = state.withLock({ $0.execs[id] }) else {
            return .error(404, "No such exec instance: \(rest.first ?? "")")
        }
        switch rest.last {
        case "json": return .json(ExecState(id: id, running: exec.exitCode == nil, exitCode: exec.exitCode))
        case "resize": return .empty()
        default:
            let command = FakeCommand(exec.create.cmd)
            return .hijack { connection in
                defer { self.state.withLock { $0.execs[id]?.exitCode = command.exitCode } }
                try await command.run(on: connection, isFramed: !exec.create.tty)
            }
        }
    }

    func images(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        state.withLock { state in
            let name = rest.dropLast().joined(separator: "/")
            switch (request.method, rest.last) {
            case ("GET", "json") where request.path.hasPrefix("/distribution"):
                // By its digest, too, as a registry does.
                let tagged = String(name.prefix { $0 != "@" })
                guard
                    let image = state.images[name]
                        ?? state.images[tagged].flatMap({ name.hasSuffix("@" + $0.id) ? $0 : nil })
                else {
                    return .error(
                        401,
                        "errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n"
                    )
                }
                return .json(
                    DistributionInspect(
                        descriptor: .init(mediaType: "application/vnd.oci.image.index.v1+json", digest: image.id),
                        platforms: [.init(architecture: "amd64", os: "linux")]))
            case ("GET", "json") where rest.count == 1:
                return .json(
                    state.images.values.map { image in
                        var summary = ImageSummary(id: image.id)
                        summary.repoTags = image.repoTags
                        return summary
                    })
            case ("GET", "json"): return state.images[name].map { .json($0) } ?? .error(404, "No such image: \(name)")
            case ("POST", "create"): return createImage(request, &state)
            case ("POST", "tag"):
                guard var image = state.images[name] else { return .error(404, "No such image: \(name)") }
                let new = "\(request.query["repo"] ?? ""):\(request.query["tag"] ?? "latest")"
                image.repoTags = [new]
                state.images[new] = image
                return .empty(201)
            case ("DELETE", _):
                let whole = rest.joined(separator: "/")
                guard state.images.removeValue(forKey: whole) != nil else {
                    return .error(404, "No such image: \(whole)")
                }
                return .json([["Untagged": whole]])
            default: return .error(404, "page not found")
            }
        }
    }

    /// An import makes the image; a pull finds it or says, in the stream, that there is none.
    private func createImage(_ request: FakeRequest, _ state: inout State) -> FakeReply {
        let name = "\(request.query["repo"] ?? request.query["fromImage"] ?? ""):\(request.query["tag"] ?? "latest")"
        if request.query["fromSrc"] == "-" {
            var image = Image(id: Self.digest(name + String(request.body.count)))
            image.repoTags = [name]
            state.images[name] = image
        } else if state.images[name] == nil {
            return .error(404, "manifest for \(name) not found: manifest unknown: manifest unknown")
        }
        return .whole(
            status: 200, headers: [("Content-Type", "application/json")],
            body: Array("{\"status\":\"Pulling from fake\"}\r\n{\"status\":\"Status: done\"}\r\n".utf8))
    }
}
