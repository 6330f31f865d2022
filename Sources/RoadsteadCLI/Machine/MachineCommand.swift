import ArgumentParser

/// `roadstead machine`
struct MachineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machine", abstract: "The machines of clusters, in docker-machine's words: ls, ssh, env, stop.",
        subcommands: [
            MachineList.self, MachineIP.self, MachineURL.self, MachineStatus.self, MachineInspect.self,
            MachineSSH.self, MachineSCP.self, MachineEnvironment.self, MachineStart.self, MachineStop.self,
            MachineRestart.self, MachineKill.self, MachineTrust.self, MachineRemove.self, MachineUpgrade.self,
            MachineRegenerateCertificates.self,
        ])
}
