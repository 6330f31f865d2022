import RemoteHosts
import RoadsteadBasics

/// The machines of a cluster over SSH, with one connection a machine for the time of a job. Close it at the end.
actor ClusterHosts {
    private let login: @Sendable (String) async throws -> HostLogin
    private var hosts: [String: Task<RemoteHost, any Error>] = [:]
    private var isClosed = false

    /// `login` tells how a machine is entered, by its name; it is asked once for each as long as it does not throw.
    init(login: @escaping @Sendable (String) async throws -> HostLogin) { self.login = login }

    /// The machine's host, whose connection is made by its first command. Throws what `login` throws, `RemoteHostError`
    /// when no files can be written here, `CancellationError` once all is closed.
    func host(_ machine: String) async throws -> RemoteHost {
        guard !isClosed else { throw CancellationError() }
        // One for all that ask at the same time: two would be two connections, and one of them never closed.
        let task = hosts[machine] ?? Task { [login] in try RemoteHost(try await login(machine)) }
        hosts[machine] = task
        do { return try await task.value } catch {
            if hosts[machine] == task { hosts[machine] = nil }
            throw error
        }
    }

    /// Forgets a machine that is another one from now on: made anew, or with another key.
    func forget(_ machine: String) async {
        guard let task = hosts.removeValue(forKey: machine) else { return }
        try? await task.value.close()
    }

    /// Ends all connections and removes their keys, at most 32 at a time.
    func close() async {
        isClosed = true
        let tasks = hosts.values
        hosts = [:]
        await withTaskGroup(of: Void.self) { group in
            for (index, task) in tasks.enumerated() {
                if index >= 32 { await group.next() }
                group.addTask { try? await task.value.close() }
            }
        }
    }
}
