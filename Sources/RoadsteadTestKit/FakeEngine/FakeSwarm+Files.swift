import DockerAPI
import Foundation
import RoadsteadBasics
import Synchronization

/// What configs and secrets have in common.
private protocol FakeFile: Codable, Equatable {
    var id: String { get }
    var version: ObjectVersion { get set }
    var spec: FileSpec { get set }
    init(id: String, version: ObjectVersion, spec: FileSpec)
}

extension SwarmConfig: FakeFile {}
extension SwarmSecret: FakeFile {}

extension FakeSwarm {
    func configs(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        files(request, rest, \.configs, "config") { state, id in
            state.services.filter { service in
                service.spec.taskTemplate.containerSpec?.configs?.contains { $0.configID == id } ?? false
            }
        }
    }

    func secrets(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        files(request, rest, \.secrets, "secret") { state, id in
            state.services.filter { service in
                service.spec.taskTemplate.containerSpec?.secrets?.contains { $0.secretID == id } ?? false
            }
        }
    }

    private func files<File: FakeFile>(
        _ request: FakeRequest, _ rest: [String], _ files: WritableKeyPath<State, [File]>, _ kind: String,
        _ users: (State, String) -> [Service]
    ) -> FakeReply {
        state.withLock { state in
            func index(_ id: String) -> Int? {
                state[keyPath: files].firstIndex { $0.id == id }
                    ?? state[keyPath: files].firstIndex { $0.spec.name == id }
            }
            switch (request.method, rest.count, rest.first) {
            case ("GET", 0, _):
                return .json(state[keyPath: files].filter { Self.matches($0.spec, $0.id, request.filters) })
            case ("POST", 1, "create"): return Self.create(request, &state, files, kind)
            case ("GET", 1, let id?):
                return index(id).map { .json(state[keyPath: files][$0]) } ?? .error(404, "\(kind) \(id) not found")
            case ("POST", 2, let id?):
                guard let index = index(id) else { return .error(404, "\(kind) \(id) not found") }
                return Self.update(request, &state, files, index)
            case ("DELETE", 1, let id?):
                guard let index = index(id) else { return .error(404, "\(kind) \(id) not found") }
                let file = state[keyPath: files][index]
                let names = users(state, file.id).compactMap(\.spec.name)
                guard names.isEmpty else {
                    return .error(
                        400,
                        "rpc error: code = InvalidArgument desc = \(kind) '\(file.spec.name)' is in use by the "
                            + "following service: \(names.joined(separator: ", "))")
                }
                state[keyPath: files].remove(at: index)
                Self.emit(&state, kind, "remove", id: file.id, name: file.spec.name)
                return .empty(204)
            default: return .error(404, "page not found")
            }
        }
    }

    private static func create<File: FakeFile>(
        _ request: FakeRequest, _ state: inout State, _ files: WritableKeyPath<State, [File]>, _ kind: String
    ) -> FakeReply {
        guard var spec = request.decode(FileSpec.self) else { return .error(400, "invalid spec") }
        guard !state[keyPath: files].contains(where: { $0.spec.name == spec.name }) else {
            return .error(409, "rpc error: code = AlreadyExists desc = \(kind) \(spec.name) already exists")
        }
        let id = state.nextID(kind)
        if kind == "secret" { (state.secretData[id], spec.data) = (spec.data, nil) }
        let file = File(id: id, version: ObjectVersion(index: state.nextIndex()), spec: spec)
        state[keyPath: files].append(file)
        emit(&state, kind, "create", id: file.id, name: spec.name)
        return .json(["ID": file.id], status: 201)
    }

    private static func update<File: FakeFile>(
        _ request: FakeRequest, _ state: inout State, _ files: WritableKeyPath<State, [File]>, _ index: Int
    ) -> FakeReply {
        guard let spec = request.decode(FileSpec.self) else { return .error(400, "invalid spec") }
        let file = state[keyPath: files][index]
        // The data first, then the version: swarmkit's order.
        let data = state.secretData[file.id] ?? file.spec.data
        guard spec.name == file.spec.name, spec.data == nil || spec.data == data else {
            return .error(400, "rpc error: code = InvalidArgument desc = only updates to Labels are allowed")
        }
        guard request.query["version"] == String(file.version.index) else { return outOfSequence }
        state[keyPath: files][index].spec.labels = spec.labels
        state[keyPath: files][index].version = ObjectVersion(index: state.nextIndex())
        return .empty()
    }

    private static func matches(_ spec: FileSpec, _ id: String, _ filters: [String: [String]]) -> Bool {
        filters.allSatisfy { name, values in
            switch name {
            case "id": values.contains { id.hasPrefix($0) }
            case "name": values.contains { spec.name.hasPrefix($0) }
            case "label": values.allSatisfy { hasLabel(spec.labels, $0) }
            default: true
            }
        }
    }
}
