import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import RoadsteadBasics

/// A file that pages are made of. Its address changes with its content, so that browsers may keep it for good.
struct AssetFile: Sendable {
    let name: String
    let address: String
    private let type: String
    private let bytes: ByteBuffer

    init(_ name: String, _ type: String, _ bytes: [UInt8]) {
        let digest = SHA256.hash(data: bytes).prefix(6)
        self.name = name
        self.type = type
        self.bytes = ByteBuffer(bytes: bytes)
        address = "/assets/" + Hexadecimal.text(Array(digest)) + "/" + name
    }

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "public, max-age=31536000, immutable"],
            body: ResponseBody(byteBuffer: bytes))
    }
}

enum AssetFiles {
    static let style = AssetFile("roadstead.css", "text/css; charset=utf-8", PackageResources.roadstead_css)
    static let script = AssetFile("roadstead.js", "text/javascript; charset=utf-8", PackageResources.roadstead_js)
    static let icon = AssetFile("icon.svg", "image/svg+xml", PackageResources.icon_svg)

    private static let all = [style, script, icon]

    static let routes = [
        PageRoute("GET", "/assets/:hash/:name", needsSession: false) { call in
            guard let file = all.first(where: { $0.name == call.parameters["name"] }) else {
                throw RoadsteadError(.notFound, "there is no file '\((call.parameters["name"] ?? "").prefix(100))'")
            }
            return PageAnswer(content: .asset(file))
        }
    ]
}
