/// A volume, host directory or the like in a container.
struct ComposeMount: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable, CaseIterable {
        case volume, bind, tmpfs, npipe, image
    }

    struct VolumeOptions: Hashable, Sendable {
        var noCopy: Bool?
        var subpath: String?
    }

    struct BindOptions: Hashable, Sendable {
        var propagation: String?
    }

    struct TmpfsOptions: Hashable, Sendable {
        /// Bytes.
        var size: Int64?
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
