/// What has just been done, told on the page that one comes to.
enum Notice: String {
    case added, shared, unshared, removed, checking

    var text: String {
        switch self {
        case .added: "Registered. It is being checked now."
        case .shared: "Shared."
        case .unshared: "No longer shared."
        case .removed: "Removed."
        case .checking: "It is being checked now."
        }
    }

    /// Of the page's field `done`; nothing that a link says is shown but these words.
    static func text(_ fields: PageFields) -> String? { fields["done"].flatMap(Notice.init)?.text }
}
