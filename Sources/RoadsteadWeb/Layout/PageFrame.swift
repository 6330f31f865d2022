import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// What stands around every page.
struct PageFrame: Sendable {
    let path: String
    let isSecure: Bool
    /// What the session's forms carry; empty without a session.
    var token = ""
    var user: SignedInUser?

    init(path: String, isSecure: Bool) {
        self.path = path
        self.isSecure = isSecure
    }
}

/// Who is signed in, for the corner of the page.
struct SignedInUser: Sendable {
    let name: String
    /// The group that is acted for; nil for oneself.
    let group: String?

    init(name: String, group: String?) {
        self.name = name
        self.group = group
    }

    init(scope: RequestScope) async throws {
        let requester = scope.requester
        name = try await scope.userName() ?? requester.userID ?? ""
        group = requester.activeClaim.hasPrefix("group/") ? requester.activeClaim : nil
    }
}

/// The whole that a template is filled with.
struct FramedPage: Sendable {
    let title: String
    let token: String
    let user: SignedInUser?
    let links: [NavigationLink]
    let style = AssetFiles.style.address
    let script = AssetFiles.script.address
    let icon = AssetFiles.icon.address
    let page: any Sendable

    init(frame: PageFrame, view: PageView) {
        title = view.title
        token = frame.token
        user = frame.user
        links = frame.user == nil ? [] : NavigationLink.all(at: frame.path)
        page = view.model
    }
}

/// An entry of the navigation.
struct NavigationLink: Sendable {
    let label: String
    let href: String
    let isCurrent: Bool

    static func all(at path: String) -> [NavigationLink] {
        [("Overview", "/"), ("Infrastructures", "/infrastructures")].map { label, href in
            let isCurrent = href == "/" ? path == "/" : path == href || path.hasPrefix(href + "/")
            return NavigationLink(label: label, href: href, isCurrent: isCurrent)
        }
    }
}
