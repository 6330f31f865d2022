import Crypto
import CryptoExtras
import NIOPosix
import RoadsteadBasics
import Synchronization

/// The cost of hashing a password by scrypt (RFC 7914).
public struct ScryptCost: Sendable, Hashable {
    /// Memory and time: a power of two.
    public var rounds: Int
    public var blockSize: Int
    public var parallelism: Int

    public init(rounds: Int, blockSize: Int, parallelism: Int) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// 32 MiB a hash, as OWASP's password storage sheet recommends for N = 2^15.
    public static let standard = ScryptCost(rounds: 1 << 15, blockSize: 8, parallelism: 3)
    /// For tests, where a hash must cost nothing.
    public static let cheapForTests = ScryptCost(rounds: 16, blockSize: 1, parallelism: 1)
}

/// Makes and checks password hashes on threads of its own, so that no request waits for a thread because of a login.
///
/// Stored form: `scrypt$<rounds>$<block size>$<parallelism>$<salt>$<hash>`, the last two in Base64. At most 32 hashings
/// wait at a time; one more is refused with `limitExceeded`.
public final class PasswordHasher: Sendable {
    private let cost: ScryptCost
    private let ids: any IDSource
    private let pool: NIOThreadPool
    private let pending = Mutex(0)
    private static let maximumPending = 32

    /// Starts the threads; call `shutdown` when done.
    public init(cost: ScryptCost = .standard, ids: any IDSource = SystemIDSource(), threads: Int = 1) {
        self.cost = cost
        self.ids = ids
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
    }

    public func shutdown() async {
        // Threads that have already ended are no failure of a shutdown.
        try? await pool.shutdownGracefully()
    }

    public func hash(_ password: Redacted<String>) async throws -> String {
        let (cost, salt) = (cost, ids.makeRandomBytes(16))
        let key = try await run { try Self.derive(password, salt: salt, cost: cost) }
        let fields = [
            "\(cost.rounds)", "\(cost.blockSize)", "\(cost.parallelism)", Base64.encode(salt), Base64.encode(key),
        ]
        return "scrypt$" + fields.joined(separator: "$")
    }

    /// False for a wrong password and for a hash of an unknown form.
    public func verify(_ password: Redacted<String>, against hash: String) async throws -> Bool {
        guard let (cost, salt, expected) = Self.read(hash) else { return false }
        let key = try await run { try Self.derive(password, salt: salt, cost: cost) }
        return ConstantTime.equal(key, expected)
    }

    /// Takes as long as a check does, so that an unknown name answers no faster than a wrong password.
    public func pretendToVerify(_ password: Redacted<String>) async throws {
        let (cost, salt) = (cost, [UInt8](repeating: 0, count: 16))
        _ = try await run { try Self.derive(password, salt: salt, cost: cost) }
    }

    private func run(_ body: @escaping @Sendable () throws -> [UInt8]) async throws -> [UInt8] {
        let isAccepted = pending.withLock { count in
            guard count < Self.maximumPending else { return false }
            count += 1
            return true
        }
        guard isAccepted else {
            throw RoadsteadError(.limitExceeded, "too many logins at once; try again in a few seconds")
        }
        defer { pending.withLock { $0 -= 1 } }
        return try await pool.runIfActive(body)
    }

    private static func derive(_ password: Redacted<String>, salt: [UInt8], cost: ScryptCost) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.exposed.utf8), salt: salt, outputByteCount: 32, rounds: cost.rounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }

    private static func read(_ hash: String) -> (cost: ScryptCost, salt: [UInt8], key: [UInt8])? {
        let fields = hash.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 6, fields[0] == "scrypt", let rounds = Int(fields[1]), let blockSize = Int(fields[2]),
            let parallelism = Int(fields[3]), let salt = Base64.decode(fields[4]), let key = Base64.decode(fields[5])
        else { return nil }
        return (ScryptCost(rounds: rounds, blockSize: blockSize, parallelism: parallelism), salt, key)
    }
}
