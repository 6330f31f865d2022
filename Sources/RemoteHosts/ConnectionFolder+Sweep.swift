import Foundation

extension ConnectionFolder {
    private static let swept: Void = sweep(in: base)

    /// What processes left behind that were killed: private keys among it. Once a process; later calls do nothing.
    static func sweepOnce() { swept }

    /// Removes the folders in `base` whose process has ended; whose owner is not known they are left.
    static func sweep(in base: String) {
        guard let own = ProcessMark.own(), let names = try? FileManager.default.contentsOfDirectory(atPath: base) else {
            return
        }
        for name in names where name.hasPrefix(prefix) {
            let folder = ConnectionFolder(path: base + "/" + name)
            // Another user's cannot be read.
            guard let text = try? String(contentsOfFile: folder.path + "/owner", encoding: .utf8),
                let owner = ProcessMark(text), owner.hasEnded(seenBy: own)
            else { continue }
            folder.remove()
        }
    }
}

/// The files of connections that killed processes left behind.
public enum ConnectionLeftovers {
    /// Removes them, once a process. The first connection does so too; a server that may make none for long does it when it
    /// starts, since private keys are among them.
    public static func sweep() { ConnectionFolder.sweepOnce() }
}
