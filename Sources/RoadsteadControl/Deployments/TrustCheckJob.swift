import DockerAPI
import HTTPCalls
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadJobs
import RoadsteadStore

/// `dct_check`: finds out which images of a deployment are signed by Docker Content Trust. The answer is a map of images
/// to true or false in the job's status message; images whose trust server gave no answer are in the verdict, with why.
public struct TrustCheckJob: JobHandler {
    public let action = "dct_check"
    public let maximumAttempts = 1

    public init() {}

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let deployment = try await context.documents.get(context.target)
        let engine = DeploymentEngine(store: context.documents, clock: context.clock, logger: context.logger)
        let desired = try engine.stack(of: deployment).desired(at: context.clock.now)
        let images = Set(desired.services.compactMap { $0.spec.taskTemplate.containerSpec?.image }).sorted()
        let caller = try HTTPCaller(logger: context.logger)
        let results = await Self.check(images, caller)
        await caller.shutdown()
        let answers = results.compactMap { result in result.isSigned.map { (result.image, JSONValue.bool($0)) } }
        let silent = results.filter { $0.isSigned == nil }.map { (key: $0.image, value: JSONValue.string($0.problem)) }
        let verdict: JSONValue? =
            silent.isEmpty ? nil : ["unknown": .object(JSONObject(silent.map { ($0.key, $0.value) }))]
        return .succeeded(message: JSONValue.object(JSONObject(answers)).text(), verdict: verdict)
    }

    private struct Result: Sendable {
        var image: String
        /// nil when nobody knows.
        var isSigned: Bool?
        var problem = ""
    }

    private static func check(_ images: [String], _ caller: HTTPCaller) async -> [Result] {
        var results: [Result] = []
        for image in images {
            do {
                results.append(
                    Result(image: image, isSigned: try await ImageTrust(image, Self.asking(caller)).isSigned()))
            } catch {
                results.append(Result(image: image, isSigned: nil, problem: Self.words(error)))
            }
        }
        return results
    }

    private static func asking(_ caller: HTTPCaller) -> ImageTrust.Ask {
        { url, headers in try await caller.send("GET", url, headers: headers, isCut: true) }
    }

    private static func words(_ error: any Error) -> String {
        (error as? HTTPFault)?.words ?? RoadsteadError.translating(error).message
    }
}

/// Asks a trust server (Notary's API, as docker's client does) whether a tag is signed. `docker trust sign` writes what it
/// signs into the role `targets/releases` of a repository, older ways into `targets`; both are files at
/// `/v2/<repository>/_trust/tuf/`. What the files say is believed as the server gives it: signatures are not verified here.
struct ImageTrust {
    typealias Ask = @Sendable (_ url: String, _ headers: [(String, String)]) async throws -> HTTPReply

    static let roles = ["targets/releases", "targets"]

    private let reference: ImageReference?
    private let ask: Ask

    init(_ image: String, _ ask: @escaping Ask) {
        reference = ImageReference(image)?.tagged
        self.ask = ask
    }

    /// Throws `unavailable`, and what `ask` throws, when the trust server does not say.
    func isSigned() async throws -> Bool {
        // What is named by its digest needs no signature to be what it is, and has no tag to be signed.
        guard let reference, let tag = reference.tag else { return false }
        let repository = "\(reference.registry)/\(reference.path)"
        let host = reference.registry == "docker.io" ? "notary.docker.io" : reference.registry
        var token: String?
        for role in Self.roles {
            let url = "https://\(host)/v2/\(repository)/_trust/tuf/\(role).json"
            var reply = try await ask(url, Self.headers(token))
            if reply.status == 401, token == nil, let fresh = try await self.token(reply, repository) {
                token = fresh
                reply = try await ask(url, Self.headers(fresh))
            }
            switch reply.status {
            case 200: if Self.signs(tag, reply.body) { return true }
            // A repository that nobody has signed anything in has no such files.
            case 404: break
            default:
                throw RoadsteadError(.unavailable, "\(host) answers \(reply.status) when asked for \(role)")
            }
        }
        return false
    }

    private static func headers(_ token: String?) -> [(String, String)] {
        token.map { [("authorization", "Bearer " + $0)] } ?? []
    }

    static func signs(_ tag: String, _ targets: [UInt8]) -> Bool {
        (try? JSONValue.parse(targets))?["signed"]?["targets"]?[tag] != nil
    }

    /// For everybody: who signs what is no secret of a public repository.
    private func token(_ reply: HTTPReply, _ repository: String) async throws -> String? {
        guard
            case .bearer(let realm, let service)? = reply.header("www-authenticate").flatMap({ RegistryChallenge($0) }),
            realm.hasPrefix("https://")
        else { return nil }
        let query = "?service=\(service ?? "")&scope=repository:\(repository):pull"
        let answer = try await ask(realm + query, [])
        return (try? JSONValue.parse(answer.body))?["token"]?.stringValue
    }
}
