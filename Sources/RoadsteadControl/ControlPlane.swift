import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The assembled use cases: what the doors (REST, pages) talk to.
public struct ControlPlane: Sendable {
    public let context: ControlContext
    public let resources: ResourceService
    public let entryPoint: CloudEntryPoint
    public let authenticator: Authenticator
    /// What operations of clusters work with.
    public let clusters: ClusterTools

    /// Throws when the store cannot be read or written.
    public func checkReady() async throws {
        _ = try await context.store.find(ResourceID(type: "group", identifier: "nuvla-admin"))
        try await context.store.write { _ in }
    }

    /// The order of subjects is the order of knowledge: each may use only the ones before it.
    public init(context: ControlContext, planner: any DeploymentPlanning, clusters: ClusterTools = ClusterTools()) {
        let modules = ModuleRules()
        let deployments = DeploymentRules(modules: modules, planner: planner, live: DeploymentLive(context: context))
        let stacks = StackRegister(modules: modules, deployments: deployments)
        let rules: [any ResourceRules] = [
            UserRules(), UserIdentifierRules(), EmailRules(), SessionRules(), GroupRules(),
            ServiceGroupRules(), InfrastructureServiceRules(stacks: stacks), CredentialRules(), ConfigurationRules(),
            modules, PlainRules(.moduleApplication), PlainRules(.moduleApplicationHelm),
            PlainRules(.moduleApplicationsSets),
            deployments, DeploymentParameterRules(), PlainRules(.deploymentRevision), ResourceLogRules(),
            ClusterRules(tools: clusters), MachineRules(tools: clusters),
            JobRules(), EventRules(), EvidenceRecordRules(),
            DataRecordKeyPrefixRules(), DataRecordKeyRules(), DataRecordRules(), PlainRules(.dataSet),
        ]
        let catalog = ResourceCatalog(rules, at: context.clock.now)
        self.context = context
        self.clusters = clusters
        resources = ResourceService(catalog: catalog)
        entryPoint = CloudEntryPoint(catalog: catalog, created: context.clock.now)
        authenticator = Authenticator(context: context)
    }
}
