/// What an access list grants, apart from ownership. Raw values are the wire's.
public enum AccessRight: String, Sendable, Hashable, CaseIterable {
    case editACL = "edit-acl"
    case editData = "edit-data"
    case editMeta = "edit-meta"
    case delete
    case manage
    case viewACL = "view-acl"
    case viewData = "view-data"
    case viewMeta = "view-meta"

    /// The rights that this one brings along at once. `manage` brings none, not even a view.
    var directlyImplied: [AccessRight] {
        switch self {
        case .editACL: [.editData, .delete, .manage, .viewACL]
        case .editData: [.editMeta, .viewData]
        case .editMeta: [.viewMeta]
        case .viewACL: [.viewData]
        case .viewData: [.viewMeta]
        case .delete: [.viewMeta]
        case .manage, .viewMeta: []
        }
    }

    /// This right and all that it brings along, transitively.
    public var closure: Set<AccessRight> { Self.closures[self] ?? [self] }

    private static let closures = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.computedClosure) })

    private var computedClosure: Set<AccessRight> {
        directlyImplied.reduce(into: [self]) { $0.formUnion($1.computedClosure) }
    }

    public static let all = Set(allCases)
}
