import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// What a page answers.
struct PageAnswer {
    enum Content {
        case page(PageView)
        /// 303: the answer to a form is another page, so that loading it again sends nothing twice.
        case redirect(String)
        case json(JSONObject, status: Int)
        case asset(AssetFile)
    }

    let content: Content
    var cookie: ResourceAnswer.Cookie?

    static func page(_ view: PageView) -> PageAnswer { PageAnswer(content: .page(view)) }

    static func redirect(_ path: String, cookie: ResourceAnswer.Cookie? = nil) -> PageAnswer {
        PageAnswer(content: .redirect(path), cookie: cookie)
    }

    static func json(_ object: JSONObject, status: Int = 200) -> PageAnswer {
        PageAnswer(content: .json(object, status: status))
    }
}

/// A page before it is rendered: its template and what that is filled with.
struct PageView {
    let title: String
    let template: String
    /// A value whose stored properties are the template's names.
    let model: any Sendable
    var status = 200
}
