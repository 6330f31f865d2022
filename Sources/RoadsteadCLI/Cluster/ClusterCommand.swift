import ArgumentParser

/// `roadstead cluster`
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "Make Swarms of machines: create, look, scale, repair, terminate.",
        subcommands: [
            ClusterCreate.self, ClusterApply.self, ClusterPlanCommand.self, ClusterSchema.self, ClusterList.self,
            ClusterShow.self, ClusterScale.self, ClusterUpgrade.self, ClusterRepair.self, ClusterTerminate.self,
            ClusterContext.self, ClusterRemove.self, ClusterDoctorCommand.self,
        ])
}
