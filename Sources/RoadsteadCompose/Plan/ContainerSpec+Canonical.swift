import DockerAPI

extension ContainerSpec {
    /// See `ServiceSpec.canonical`. `init` stays as it is: absent means the engine's own setting, false does not.
    var canonical: ContainerSpec {
        var spec = self
        spec.labels = labels.orNil
        spec.command = command.orNil
        spec.args = args.orNil
        spec.hostname = hostname.orNil
        spec.env = env.orNil?.sorted()
        spec.dir = dir.orNil
        spec.user = user.orNil
        spec.groups = groups.orNil?.sorted()
        spec.privileges = privileges?.canonical
        spec.stopSignal = stopSignal.orNil
        spec.tty = tty.orNil
        spec.openStdin = openStdin.orNil
        spec.readOnly = readOnly.orNil
        spec.mounts = mounts.orNil?.map(\.canonical).sorted { ($0.target ?? "") < ($1.target ?? "") }
        spec.healthcheck = healthcheck?.canonical
        spec.hosts = hosts.orNil
        spec.dnsConfig = dnsConfig?.canonical
        spec.secrets = secrets.orNil?.map(\.canonical).sorted { $0.sortKey < $1.sortKey }
        spec.configs = configs.orNil?.map(\.canonical).sorted { $0.sortKey < $1.sortKey }
        spec.isolation = isolation.orDefault("default")
        spec.sysctls = sysctls.orNil
        spec.capabilityAdd = capabilityAdd.orNil?.sorted()
        spec.capabilityDrop = capabilityDrop.orNil?.sorted()
        spec.ulimits = ulimits.orNil?.sorted { ($0.name ?? "") < ($1.name ?? "") }
        spec.oomScoreAdj = oomScoreAdj.nonZero
        return spec
    }
}

extension Privileges {
    fileprivate var canonical: Privileges? {
        let result = Privileges(
            credentialSpec: credentialSpec?.canonical, seLinuxContext: seLinuxContext?.canonical,
            seccomp: seccomp?.canonical, appArmor: appArmor?.mode.orDefault("default") == "default" ? nil : appArmor,
            noNewPrivileges: noNewPrivileges.orNil)
        return result == Privileges() ? nil : result
    }
}

extension Privileges.CredentialSpec {
    fileprivate var canonical: Self? {
        let result = Self(config: config.orNil, file: file.orNil, registry: registry.orNil)
        return result == Self() ? nil : result
    }
}

extension Privileges.SELinuxContext {
    fileprivate var canonical: Self? {
        let result = Self(
            disable: disable.orNil, user: user.orNil, role: role.orNil, type: type.orNil, level: level.orNil)
        return result == Self() ? nil : result
    }
}

extension Privileges.Seccomp {
    fileprivate var canonical: Self? {
        let result = Self(mode: mode == "default" ? nil : mode.orNil, profile: profile.orNil)
        return result == Self() ? nil : result
    }
}

extension HealthConfig {
    fileprivate var canonical: HealthConfig? {
        let result = HealthConfig(
            test: test.orNil, interval: interval.nonZero, timeout: timeout.nonZero,
            startPeriod: startPeriod.nonZero, startInterval: startInterval.nonZero, retries: retries.nonZero)
        return result == HealthConfig() ? nil : result
    }
}

extension DNSConfig {
    fileprivate var canonical: DNSConfig? {
        // Docker's client lets a name server stand twice where files are merged.
        let result = DNSConfig(
            nameservers: nameservers.orNil?.withoutRepeats, search: search.orNil?.withoutRepeats,
            options: options.orNil)
        return result == DNSConfig() ? nil : result
    }
}

extension [String] {
    /// Each once, at its first place.
    var withoutRepeats: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Mount {
    fileprivate var canonical: Mount {
        var mount = self
        mount.type = type.orDefault("bind")
        mount.source = source.orNil
        mount.readOnly = readOnly.orNil
        mount.consistency = consistency == "default" ? nil : consistency.orNil
        mount.bindOptions = bindOptions?.canonical
        mount.volumeOptions = volumeOptions?.canonical
        mount.tmpfsOptions = tmpfsOptions?.canonical
        return mount
    }
}

extension BindOptions {
    fileprivate var canonical: BindOptions? {
        var result = BindOptions(
            // What the engine writes beside nonRecursive when nothing is said.
            propagation: propagation == "rprivate" ? nil : propagation.orNil, nonRecursive: nonRecursive.orNil,
            createMountpoint: createMountpoint.orNil)
        result.readOnlyNonRecursive = readOnlyNonRecursive.orNil
        result.readOnlyForceRecursive = readOnlyForceRecursive.orNil
        return result == BindOptions() ? nil : result
    }
}

extension VolumeOptions {
    fileprivate var canonical: VolumeOptions? {
        let driver = VolumeDriver(name: (driverConfig?.name).orNil, options: (driverConfig?.options).orNil)
        let result = VolumeOptions(
            noCopy: noCopy.orNil, subpath: subpath.orNil, labels: labels.orNil,
            driverConfig: driver == VolumeDriver() ? nil : driver)
        return result == VolumeOptions() ? nil : result
    }
}

extension TmpfsOptions {
    fileprivate var canonical: TmpfsOptions? {
        let result = TmpfsOptions(sizeBytes: sizeBytes.nonZero, mode: mode.nonZero, options: options.orNil)
        return result == TmpfsOptions() ? nil : result
    }
}

extension FileTarget {
    /// The engine wants user, group and mode of each; those that docker writes when the file says nothing.
    fileprivate var canonical: FileTarget {
        FileTarget(name: name, uid: uid.orDefault("0"), gid: gid.orDefault("0"), mode: mode ?? 0o444)
    }
}

extension SecretReference {
    fileprivate var canonical: SecretReference {
        SecretReference(file: file?.canonical, secretID: secretID.orNil, secretName: secretName)
    }

    fileprivate var sortKey: String { (secretName ?? "") + "\u{0}" + (file?.name ?? "") }
}

extension ConfigReference {
    fileprivate var canonical: ConfigReference {
        ConfigReference(
            file: file?.canonical, runtime: runtime, configID: configID.orNil, configName: configName)
    }

    fileprivate var sortKey: String { (configName ?? "") + "\u{0}" + (file?.name ?? "") }
}
