import Hummingbird
import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadREST
import RoadsteadWeb

/// Shows each request to the door that it is for: people's pages, or the API.
struct FrontDoor: HTTPResponder {
    private let api: APIResponder
    private let pages: PagesResponder

    init(plane: ControlPlane, proxies: [CIDR], metrics: ServerMetrics, logger: Logger) {
        api = APIResponder(plane: plane, proxies: proxies, metrics: metrics, logger: logger)
        pages = PagesResponder(
            plane: plane, proxies: proxies, record: { metrics.record($0, $1, status: $2, $3) }, logger: logger)
    }

    func respond(to request: Request, context: ConnectionContext) async -> Response {
        PagesResponder.serves(request)
            ? await pages.respond(to: request, context: context) : await api.respond(to: request, context: context)
    }
}
