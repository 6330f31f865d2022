/// A volume, host directory or the like in a container.
struct ComposeMount: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable, CaseIterable {
        case volume, bind, tmpfs, npipe
    }

    struct VolumeOptions: Hashable, Sendable {
        var noCopy: Bool?
        var subpath: String?
        var labels: [String: String] = [:]
    }

    struct BindOptions: Hashable, Sendable {
        var propagation: String?
        /// Without the mounts below the directory.
        var isNonRecursive: Bool?
    }

    struct TmpfsOptions: Hashable, Sendable {
        /// Bytes.
        var size: Int64?
        /// Only of the service's `tmpfs`: of mounts, docker does not hand it on.
        var mode: UInt32?
        var isExecutable: Bool?
    }

    var origin: Origin
    var kind: Kind
    var source: String?
    var target: String?
    var isReadOnly: Bool?
    var consistency: String?
    var volume: VolumeOptions?
    var bind: BindOptions?
    var tmpfs: TmpfsOptions?
}
