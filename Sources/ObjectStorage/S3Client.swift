import HTTPCalls
import Logging
import RoadsteadBasics
import Synchronization

/// Client of one S3 store with one key pair: signed requests, path-style, TLS verified, every call with a deadline and a
/// cap on the answer. Every throw is an ``ObjectStorageError``. Call ``shutdown()`` when done.
public final class S3Client: Sendable {
    private let address: Mutex<S3Address>
    private let credentials: S3Credentials
    private let clock: any WallClock
    private let caller: HTTPCaller

    /// `authorities`: PEM of those to trust instead of the system's. `limit`: bytes of an answer or object.
    ///
    /// Throws `transport(.tlsNotTrusted)` when the authorities are no certificates.
    public init(
        address: S3Address, credentials: S3Credentials, authorities: String? = nil,
        clock: any WallClock = SystemClock(),
        deadline: Duration = .seconds(15), limit: Int = 8 << 20, logger: Logger
    ) throws(ObjectStorageError) {
        self.address = Mutex(address)
        self.credentials = credentials
        self.clock = clock
        do {
            caller = try HTTPCaller(authorities: authorities, deadline: deadline, limit: limit, logger: logger)
        } catch {
            throw ObjectStorageError(.transport(error.kind), error.words, endpoint: address.description)
        }
    }

    public func shutdown() async { await caller.shutdown() }

    /// A URL by which whoever holds it may do `request` until `life` is over.
    public func presignedURL(_ request: S3Request, life: Duration) -> String {
        let address = address.withLock { $0 }
        let signer = RequestSigner(credentials: credentials, region: address.region)
        return address.description
            + signer.presigned(request, host: address.hostHeader, at: clock.now, life: life)
    }

    /// Signs and sends; an answer of 300 and above is thrown. A store of another region is asked again for its own.
    func send(_ request: S3Request) async throws(ObjectStorageError) -> HTTPReply {
        do { return try await attempt(request) } catch {
            guard case .wrongRegion(let region?) = error.kind, isNew(region) else { throw error }
            return try await attempt(request)
        }
    }

    private func attempt(_ request: S3Request) async throws(ObjectStorageError) -> HTTPReply {
        let address = address.withLock { $0 }
        let signer = RequestSigner(credentials: credentials, region: address.region)
        let headers = signer.headers(request, host: address.hostHeader, at: clock.now)
        let query = request.canonicalQuery.isEmpty ? "" : "?" + request.canonicalQuery
        let url = address.description + request.path + query
        let hasBody = ["PUT", "POST"].contains(request.method)
        let reply: HTTPReply
        do {
            reply = try await caller.send(
                request.method, url, headers: headers.filter { $0.name != "host" }, body: hasBody ? request.body : nil)
        } catch {
            let kind: ObjectStorageError.Kind = error.kind == .limitExceeded ? .limitExceeded : .transport(error.kind)
            throw ObjectStorageError(kind, error.words, endpoint: address.description)
        }
        guard reply.status < 300 else { throw S3Refusal.error(reply, endpoint: address.description) }
        return reply
    }

    /// Remembers the region; false when it is the one that was signed for, or none.
    private func isNew(_ region: String) -> Bool {
        let isName =
            !region.isEmpty && region.utf8.count <= 64 && region.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
        return address.withLock { address in
            guard isName, address.region != region else { return false }
            address = address.inRegion(region)
            return true
        }
    }

    func notS3(_ words: String) -> ObjectStorageError {
        ObjectStorageError(.notS3, words, endpoint: address.withLock { $0.description })
    }
}
