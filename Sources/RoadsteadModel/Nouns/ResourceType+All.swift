extension ResourceType {
    /// Every type that is stored. Collections of templates come along with the types that have templates.
    public static let all: [ResourceType] = [
        .user, .userIdentifier, .email, .session, .group, .infrastructureService, .credential, .module,
        .moduleApplication, .moduleApplicationHelm, .moduleApplicationsSets, .deployment, .deploymentParameter,
        .deploymentRevision, .resourceLog, .cluster, .machine, .job, .event, .evidenceRecord,
        .infrastructureServiceGroup, .configuration, .dataRecord, .dataRecordKey, .dataRecordKeyPrefix, .dataSet,
    ]

    /// The read-only, in-memory collection of a templated type's templates.
    public var templateCollection: ResourceType? {
        guard isTemplated else { return nil }
        return ResourceType(
            name + "-template", access: CollectionAccess(query: [Principal.anonymous]), verbs: ResourceType.readOnly,
            attributes: [])
    }
}
