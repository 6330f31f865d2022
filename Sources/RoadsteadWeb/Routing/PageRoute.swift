/// What a method and a path lead to.
struct PageRoute: Sendable {
    typealias Answer = @Sendable (PageCall) async throws -> PageAnswer

    let method: String
    /// Segments; one that begins with a colon takes any text under that name.
    let pattern: [String]
    /// Strangers are asked to sign in first.
    let needsSession: Bool
    let answer: Answer

    init(_ method: String, _ path: String, needsSession: Bool = true, _ answer: @escaping Answer) {
        self.method = method
        pattern = Self.segments(path)
        self.needsSession = needsSession
        self.answer = answer
    }

    /// For metrics: `/infrastructures/:id`.
    var name: String { "/" + pattern.joined(separator: "/") }

    /// The texts of the pattern's names; nil for another path.
    func parameters(_ segments: [String]) -> [String: String]? {
        guard segments.count == pattern.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, segment) in zip(pattern, segments) {
            if part.hasPrefix(":") {
                parameters[String(part.dropFirst())] = segment
            } else if part != segment {
                return nil
            }
        }
        return parameters
    }

    static func segments(_ path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    }
}

/// All pages: the one list to extend.
enum PageRoutes {
    static let all: [PageRoute] =
        AssetFiles.routes + SignInPage.routes + OverviewPage.routes + InfrastructureAddPage.routes
        + InfrastructureListPage.routes + InfrastructurePage.routes + ComponentsPage.routes

    /// HEAD asks for what GET does.
    static func find(method: String, path: String) -> (route: PageRoute, parameters: [String: String])? {
        let method = method == "HEAD" ? "GET" : method
        let segments = PageRoute.segments(path)
        for route in all where route.method == method {
            if let parameters = route.parameters(segments) { return (route, parameters) }
        }
        return nil
    }
}
