import DockerAPI

extension StackConverter {
    func mount(_ mount: ComposeMount) -> Mount? {
        var result = Mount(
            type: mount.kind.rawValue, source: mount.source, target: mount.target, readOnly: mount.isReadOnly.nonFalse,
            consistency: mount.consistency)
        switch mount.kind {
        case .volume: return volume(mount, into: result)
        case .bind, .npipe:
            result.bindOptions = mount.bind.map {
                BindOptions(propagation: $0.propagation, nonRecursive: $0.isNonRecursive)
            }
        case .tmpfs:
            result.tmpfsOptions = mount.tmpfs.map {
                TmpfsOptions(
                    sizeBytes: $0.size.nonZero, mode: $0.mode, options: $0.isExecutable == true ? [["exec"]] : nil)
            }
        }
        return result
    }

    /// A named volume carries its driver and labels in every mount of it: nodes make it when a task needs it.
    private func volume(_ mount: ComposeMount, into result: Mount) -> Mount? {
        guard let source = mount.source else { return result }
        guard let volume = file.volumes[source] else {
            log.add(
                "undefined volume \"\(source)\"", at: mount.origin, hint: "define it in the top-level volumes")
            return nil
        }
        var result = result
        result.source = volume.name ?? scoped(source)
        var options = VolumeOptions(noCopy: mount.volume?.noCopy.nonFalse, subpath: mount.volume?.subpath)
        if !volume.isExternal {
            options.labels = labelled(volume.labels.merging(mount.volume?.labels ?? [:]) { $1 })
            if volume.driver != nil || volume.driverOptions != nil {
                options.driverConfig = VolumeDriver(name: volume.driver, options: volume.driverOptions?.nonEmpty)
            }
        }
        result.volumeOptions = options
        return result
    }
}
